using System.Security.Cryptography;
using MediaPlatform.Infrastructure.Imaging;

namespace MediaPlatform.Bench.Faults;

/// <summary>Holds rows and objects against what the clients were told. Each method gives what is wrong, a sentence each.</summary>
internal sealed class Inquest(BenchPlatform platform, Ledger ledger)
{
    private Asset[] assets = [];
    private Variant[] variants = [];
    private Job[] jobs = [];
    private Stage[] stages = [];
    private ILookup<(Guid, Guid), Variant> variantsOf = null!;
    private Dictionary<Guid, Asset> assetById = [];
    private Dictionary<Guid, Deposit> depositOf = [];

    public int Assets => assets.Length;

    public int Jobs => jobs.Length;

    /// <summary>Attempts that a job began more than it needed.</summary>
    public int LostAttempts => jobs.Sum(job => Math.Max(0, job.Attempts - 1));

    /// <summary>Reads all rows once.</summary>
    public async Task Open()
    {
        assets = [.. await platform.Rows<Asset>("select client_id, id, status, size_bytes, sha256, storage_key from media_assets")];
        variants = [.. await platform.Rows<Variant>("select client_id, asset_id, preset, size_bytes, storage_key, format from media_variants")];
        jobs = [.. await platform.Rows<Job>("select client_id, id, type, status, attempts, subject_id, error_code from jobs")];
        stages = [.. await platform.Rows<Stage>("""
            select jobs.id, jobs.attempts, stage ->> 'stage' as name, (stage ->> 'attempt')::int as attempt, stage ->> 'ended_at' is not null and stage -> 'error' is null as done
            from jobs
            cross join jsonb_array_elements(timeline) stage
            where status = 'succeeded' and subject_id is not null and stage ->> 'note' is null
            """)];
        variantsOf = variants.ToLookup(variant => (variant.ClientId, variant.AssetId));
        assetById = assets.ToDictionary(asset => asset.Id);
        depositOf = ledger.Deposits.SelectMany(deposit => deposit.Uploads.Select(upload => upload.Asset).Distinct().Select(asset => (asset, deposit))).ToDictionary(pair => pair.asset, pair => pair.deposit);
    }

    /// <summary>Every upload that was answered 2xx is a ready asset with these bytes, unless its purge was sent; every purge that was answered is done.</summary>
    public async Task<List<string>> Lost()
    {
        List<string> wrong = [];
        foreach (var (id, deposit) in depositOf)
        {
            var asset = assetById.GetValueOrDefault(id);
            var name = $"asset {id} of {deposit.Specimen.FileName}";
            if (asset is null && !deposit.PurgesSent.Contains(id)) wrong.Add($"{name} was answered 2xx, and is not there");
            if (asset is not null && deposit.Purged.Contains(id)) wrong.Add($"{name} was purged, and is there");
            if (asset is null) continue;
            if (asset.Status != "ready") wrong.Add($"{name} is {asset.Status}");
            if (asset.ClientId != deposit.Client || !asset.Sha256.AsSpan().SequenceEqual(deposit.Specimen.Sha256)) wrong.Add($"{name} is of another client or of other bytes");
            var presets = variantsOf[(asset.ClientId, id)].Select(variant => variant.Preset).Order(StringComparer.Ordinal);
            if (!presets.SequenceEqual(deposit.Specimen.Presets)) wrong.Add($"{name} has the variants {string.Join(", ", presets)}");
        }

        var completed = (await platform.Rows<Count>("select asset_id as id, count(*)::int as number from uploads where status = 'completed' group by 1")).ToDictionary(row => row.Id, row => row.Number);
        foreach (var (id, deposit) in depositOf)
        {
            var answered = deposit.Uploads.Count(upload => upload.Asset == id);
            if (completed.GetValueOrDefault(id) < answered) wrong.Add($"asset {id} was named by {answered} answers, and {completed.GetValueOrDefault(id)} uploads are completed");
        }

        return wrong;
    }

    /// <summary>One asset for the same bytes in a client, one row a preset, one job for what was asked once, one end of each job, and no row that nobody asked for.</summary>
    public async Task<List<string>> Doubled()
    {
        List<string> wrong = [];
        foreach (var deposit in ledger.Deposits)
        {
            var living = deposit.Uploads.Select(upload => upload.Asset).Distinct().Except(deposit.PurgesSent).ToArray();
            if (living.Length > 1) wrong.Add($"{deposit.Specimen.FileName} became {string.Join(" and ", living)}");
            foreach (var asset in deposit.Uploads.Where(upload => upload.Created).GroupBy(upload => upload.Asset).Where(group => group.Count() > 1))
                wrong.Add($"asset {asset.Key} was answered as new {asset.Count()} times");
        }

        wrong.AddRange(assets.GroupBy(asset => (asset.ClientId, Convert.ToHexString(asset.Sha256))).Where(group => group.Count() > 1).Select(group => $"{group.Count()} assets of client {group.Key.ClientId} have the same bytes"));
        wrong.AddRange(variants.GroupBy(variant => (variant.AssetId, variant.Preset)).Where(group => group.Count() > 1).Select(group => $"asset {group.Key.AssetId} has {group.Count()} rows of {group.Key.Preset}"));
        wrong.AddRange(assets.Where(asset => !depositOf.ContainsKey(asset.Id)).Select(asset => $"asset {asset.Id} was never answered, though every upload was sent until it was"));

        foreach (var job in jobs.Where(job => job.SubjectId is not null).GroupBy(job => job.SubjectId!.Value))
            if (job.Count() > 1 + (depositOf.GetValueOrDefault(job.Key)?.ReprocessesSent(job.Key) ?? 0)) wrong.Add($"asset {job.Key} was processed {job.Count()} times");

        // the attempt that ended the job is its last, and stored its variants once
        foreach (var job in stages.GroupBy(stage => stage.Id))
        {
            var last = job.Where(stage => stage.Attempt == stage.Attempts).ToArray();
            if (Array.Exists(last, stage => !stage.Done) || last.DistinctBy(stage => stage.Name).Count() != last.Length || last.Length == 0)
                wrong.Add($"job {job.Key} ended with the stages {string.Join(", ", last.Select(stage => stage.Done ? stage.Name : $"{stage.Name} (open)"))}");
        }

        wrong.AddRange((await platform.Rows<Count>("""
            select client_id as id, count(*)::int as number
            from jobs
            where status in ('queued', 'running')
            group by client_id, type, dedupe_key
            having count(*) > 1
            """)).Select(row => $"client {row.Id} has {row.Number} live jobs for the same work"));
        return wrong;
    }

    /// <summary>Each row that came has its insert in the change log, each that went its delete, each upload that ended its update, and none of them twice.</summary>
    public async Task<List<string>> Unaudited()
    {
        var log = (await platform.Rows<Change>("""
            select entity, entity_id, operation, count(*)::int as times
            from change_log
            where entity <> 'upload' or operation <> 'update' or changes -> 'status' is not null
            group by entity, entity_id, operation
            """)).ToDictionary(change => (change.Entity, change.EntityId, change.Operation), change => change.Times);
        List<string> wrong = [];
        foreach (var asset in assets.Select(asset => asset.Id).Union(depositOf.Keys)) Expect("media_asset", asset, "insert", 1);
        foreach (var asset in depositOf.Keys) Expect("media_asset", asset, "delete", assetById.ContainsKey(asset) ? 0 : 1);
        foreach (var job in jobs) Expect("job", job.Id, "insert", 1);
        foreach (var upload in await platform.Rows<Ended>("select id, status not in ('open', 'received', 'verifying') as is_ended from uploads"))
        {
            Expect("upload", upload.Id, "insert", 1);
            Expect("upload", upload.Id, "update", upload.IsEnded ? 1 : 0);
        }

        return wrong;

        void Expect(string entity, Guid id, string operation, int times)
        {
            var logged = log.GetValueOrDefault((entity, id, operation));
            if (logged != times) wrong.Add($"the change log has {operation} of {entity} {id} {logged} times instead of {times}");
        }
    }

    /// <summary>Objects that belong to no row.</summary>
    public List<string> Stray()
    {
        var known = assets.Select(asset => asset.StorageKey).Concat(variants.Select(variant => variant.StorageKey)).ToHashSet(StringComparer.Ordinal);
        return [.. Directory.EnumerateFiles(platform.StorageRoot, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(platform.StorageRoot, path))
            .Where(key => !key.StartsWith('.') && !known.Contains(key))
            .Select(key => $"{key} belongs to nothing")];
    }

    /// <summary>Objects that are missing, or are not what their rows say: an original is what was sent, a variant is whole and the same wherever the same bytes are.</summary>
    public List<string> Damaged()
    {
        List<string> wrong = [];
        foreach (var asset in assets) Look(asset.StorageKey, asset.SizeBytes, bytes => SHA256.HashData(bytes).AsSpan().SequenceEqual(asset.Sha256));

        Dictionary<(int, string), byte[]> firsts = [];
        foreach (var variant in variants)
        {
            Look(variant.StorageKey, variant.SizeBytes, bytes =>
            {
                var hash = SHA256.HashData(bytes);
                return IsWhole(variant) && (!depositOf.TryGetValue(variant.AssetId, out var deposit)
                    || firsts.TryAdd((deposit.Specimen.Number, variant.Preset), hash) || firsts[(deposit.Specimen.Number, variant.Preset)].AsSpan().SequenceEqual(hash));
            });
        }

        return wrong;

        void Look(string key, long size, Func<byte[], bool> isRight)
        {
            var path = Path.Combine(platform.StorageRoot, key);
            if (!File.Exists(path)) wrong.Add($"{key} is missing");
            else if (File.ReadAllBytes(path) is var bytes && bytes.Length != size) wrong.Add($"{key} has {bytes.Length} bytes instead of {size}");
            else if (!isRight(bytes)) wrong.Add($"{key} has other bytes");
        }
    }

    public List<string> Unfinished() =>
        [.. jobs.Where(job => job.Status != "succeeded").Select(job => $"{job.Type} {job.Id} of {job.SubjectId} is {job.Status} after {job.Attempts} attempts: {job.ErrorCode}")];

    private bool IsWhole(Variant variant)
    {
        try
        {
            using var picture = Vips.Image(variant.Format == "webp" ? "webpload" : "jpegload", "fail_on=warning", ("filename", Path.Combine(platform.StorageRoot, variant.StorageKey)));
            using var pixels = picture.InMemory();
            return true;
        }
        catch (VipsException)
        {
            return false;
        }
    }

    private sealed record Asset(Guid ClientId, Guid Id, string Status, long SizeBytes, byte[] Sha256, string StorageKey);

    private sealed record Variant(Guid ClientId, Guid AssetId, string Preset, long SizeBytes, string StorageKey, string Format);

    private sealed record Job(Guid ClientId, Guid Id, string Type, string Status, int Attempts, Guid? SubjectId, string? ErrorCode);

    private sealed record Stage(Guid Id, int Attempts, string Name, int Attempt, bool Done);

    private sealed record Count(Guid Id, int Number);

    private sealed record Change(string Entity, Guid EntityId, string Operation, int Times);

    private sealed record Ended(Guid Id, bool IsEnded);
}
