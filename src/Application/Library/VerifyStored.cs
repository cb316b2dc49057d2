using System.Security.Cryptography;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;

namespace MediaPlatform.Application.Library;

/// <summary>
/// LIBRARY_VERIFY: what is missing, what nobody knows, and on request what has other bytes. It deletes no row, and no object but those that were quarantined, have waited, and are known to nobody when
/// they are looked at once more. An attempt begins anew; what was found before is found again, and not twice.
/// </summary>
internal sealed class VerifyStored(
    ITransactions transactions, IVerifications verifications, IStoredObjects rows, RenditionRepair repair, IMediaStores stores, MediaOptions media, LibraryOptions options, TimeProvider time) : IJobHandler
{
    public const string SubjectType = "library_verification";
    public const string OneAtATime = "library";
    private const int AtATime = 200;
    private const int SavedEvery = 5_000;
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    public string JobType => Domain.Jobs.JobType.LibraryVerify.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var id = run.Job.SubjectId!.Value;
        if (await verifications.IsBehindAnother(run.Job.Id, cancellationToken)) return new JobResult.Failed(JobError.Of(new LibraryBusy()), Retryable: true);
        if (await transactions.Run(ct => verifications.Begin(id, ct), cancellationToken) is not { } asked) return JobResult.Nothing;

        var count = await rows.Count(Providers, cancellationToken);
        var progress = new Progress(run, id, asked, count);
        await run.Stage("recheck", () => Recheck(progress, cancellationToken));
        foreach (var store in stores.All)
        {
            await run.Stage($"look in {store.Provider}", () => Look(progress, store, cancellationToken));
            await run.Stage($"look at what is registered in {store.Provider}", () => LookAtRegistered(progress, store, cancellationToken));
        }

        run.Note("look", $"{progress.Looked.Objects} objects, {progress.Looked.Bytes} bytes.");
        return new JobResult.Succeeded(ct => verifications.Finish(id, progress.Looked, Providers, ct));
    }

    /// <summary>What has waited for long enough.</summary>
    private async Task<Done> Recheck(Progress progress, CancellationToken cancellationToken)
    {
        while (await verifications.Due(Providers, AtATime, cancellationToken) is { Count: > 0 } due)
        {
            foreach (var one in due)
            {
                var isGone = await stores.Of(one.StorageProvider).Head(one.StorageKey, cancellationToken) is null;
                await transactions.Run(ct => verifications.Settle(progress.Id, one, TakesNew(one.StorageProvider), isGone, ct), cancellationToken);
            }
        }

        return Done.Instance;
    }

    private async Task<Done> Look(Progress progress, IMediaStore store, CancellationToken cancellationToken)
    {
        var (missing, orphaned) = (new List<KnownObject>(), new List<StoredObject>());
        var landed = time.GetUtcNow() - media.UploadExpiry - Margin; // what is younger may be landing
        await foreach (var (row, found) in new ObjectWalk(rows).Of(store, progress.ClientId, store.Provider, cancellationToken))
        {
            if (row is null && found!.ModifiedAt < landed) orphaned.Add(found);
            if (row is not null && !await IsThere(store, row, found, cancellationToken)) missing.Add(row);
            else if (row?.Sha256 is not null && progress.Asked.Checksums) await Hash(progress, store, row, cancellationToken);

            progress.Saw(row, found);
            if (missing.Count >= AtATime) await ReportMissing(progress, store, missing, cancellationToken);
            if (orphaned.Count >= AtATime) await ReportOrphaned(progress, store, orphaned, cancellationToken);
            if (progress.Looked.Objects % SavedEvery == 0) await Save(progress, cancellationToken);
        }

        await ReportMissing(progress, store, missing, cancellationToken);
        await ReportOrphaned(progress, store, orphaned, cancellationToken);
        await Save(progress, cancellationToken);
        return Done.Instance;
    }

    /// <summary>They lie where their owners put them, one by one, and are asked for one by one.</summary>
    private async Task<Done> LookAtRegistered(Progress progress, IMediaStore store, CancellationToken cancellationToken)
    {
        Guid? after = null;
        while (await rows.Registered(store.Provider, after, AtATime, cancellationToken) is { Count: > 0 } page)
        {
            var missing = new List<KnownObject>();
            foreach (var row in page)
            {
                if (!await IsThere(store, row, found: null, cancellationToken)) missing.Add(row);
                else if (progress.Asked.Checksums) await Hash(progress, store, row, cancellationToken);
                progress.Saw(row, found: null);
            }

            await ReportMissing(progress, store, missing, cancellationToken);
            after = page[^1].AssetId;
        }

        return Done.Instance;
    }

    /// <summary>What a list does not have may have come since.</summary>
    private static async Task<bool> IsThere(IMediaStore store, KnownObject row, StoredObject? found, CancellationToken cancellationToken)
    {
        if (found?.SizeBytes == row.SizeBytes) return true;
        try
        {
            return await store.Head(row.StorageKey, cancellationToken) == row.SizeBytes;
        }
        catch (ObjectChangedException)
        {
            return false; // the bytes that were registered are there no more
        }
    }

    private async Task Hash(Progress progress, IMediaStore store, KnownObject row, CancellationToken cancellationToken)
    {
        try
        {
            await using var bytes = await store.Open(row.StorageKey, cancellationToken);
            if (bytes is null || (await SHA256.HashDataAsync(bytes, cancellationToken)).AsSpan().SequenceEqual(row.Sha256)) return; // one that went meanwhile has no asset any more
        }
        catch (ObjectChangedException)
        {
            return; // exchanged at this moment; it is missing the next time
        }

        await transactions.Run(ct => verifications.ReportCorrupted(progress.Id, store.Provider, row, ct), cancellationToken);
    }

    private async Task ReportMissing(Progress progress, IMediaStore store, List<KnownObject> missing, CancellationToken cancellationToken)
    {
        if (missing.Count == 0) return;
        var reported = await transactions.Run(ct => verifications.ReportMissing(progress.Id, store.Provider, missing, ct), cancellationToken);
        if (progress.Asked.Quarantine)
        {
            var keys = reported.Select(one => one.StorageKey).ToHashSet(StringComparer.Ordinal);
            progress.Reprocessed += await repair.Queue([.. missing.Where(row => row.VariantId is not null && keys.Contains(row.StorageKey))], cancellationToken);
        }

        missing.Clear();
    }

    private async Task ReportOrphaned(Progress progress, IMediaStore store, List<StoredObject> orphaned, CancellationToken cancellationToken)
    {
        if (orphaned.Count == 0) return;
        var unknown = (await verifications.Unknown(store.Provider, TakesNew(store.Provider), orphaned, cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var lying = new List<StoredObject>();
        foreach (var one in orphaned.Where(one => unknown.Contains(one.Key)))
        {
            if (await store.Head(one.Key, cancellationToken) is not null) lying.Add(one); // what was being deleted when it was listed is gone before its deletion is forgotten
        }

        DateTimeOffset? deleteAfter = progress.Asked.Quarantine ? time.GetUtcNow() + options.Quarantine : null;
        if (lying.Count > 0) await transactions.Run(ct => verifications.ReportOrphaned(progress.Id, store.Provider, TakesNew(store.Provider), lying, deleteAfter, ct), cancellationToken);
        orphaned.Clear();
    }

    private Task Save(Progress progress, CancellationToken cancellationToken) => transactions.Run(ct => verifications.Save(progress.Id, progress.Looked, ct), cancellationToken);

    private string[] Providers => [.. stores.All.Select(store => store.Provider)];

    private bool TakesNew(string provider) => provider == stores.Origin.Provider;

    /// <summary>How far it is.</summary>
    private sealed class Progress(JobRun run, Guid id, VerificationRequest asked, StoredCount count)
    {
        private (long Objects, long Bytes, long Rows) seen;

        public Guid Id => id;
        public Guid ClientId => run.Job.ClientId;
        public VerificationRequest Asked => asked;
        public long Reprocessed { get; set; }
        public Looked Looked => new(seen.Objects, seen.Bytes, count.Unseen, Reprocessed);

        public void Saw(KnownObject? row, StoredObject? found)
        {
            seen = (seen.Objects + 1, seen.Bytes + (found?.SizeBytes ?? row!.SizeBytes), seen.Rows + (row is null ? 0 : 1));
            run.Progress = (int)Math.Min(99, 100 * seen.Rows / Math.Max(1, count.Total));
        }
    }
}
