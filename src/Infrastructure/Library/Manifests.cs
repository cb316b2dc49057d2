using System.Text.Json;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Library;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class Manifests(DbSession db, TimeProvider time) : IManifests, IJobSubject
{
    private const int AtATime = 100;

    // Locked in the order of their ids, so that two manifests of the same assets wait for each other and do not lock each other out.
    private const string LockAssets = """
        select id
        from media_assets
        where client_id = @ClientId and id = any(@AssetIds) and deleted_at is null and status <> 'failed'
        order by id
        for no key update
        """;

    private const string LockOpen = """
        select true
        from manifests
        where client_id = @ClientId and id = @ManifestId and status = 'open' and deleted_at is null
        for no key update
        """;

    private const string Insert = """
        with added as (
            insert into manifest_entries (
                client_id, id, manifest_id, segment, type, position, asset_id, source, provider, source_url, sha256, original_filename, score, reasons, is_repeated, created_at, created_by_kind,
                created_by, updated_at)
            select @ClientId, given.id, @ManifestId, given.segment, given.type, coalesce(last.position + 1, 0) + row_number() over (partition by given.segment, given.type order by given.place) - 1,
                asset.id, given.source, asset.provider, asset.source_url, asset.sha256, asset.original_filename, given.score, given.reasons::jsonb, given.is_repeated, @Now, @ActorKind, @ActorId, @Now
            from unnest(@Ids::uuid[], @SegmentKeys::text[], @Types::text[], @AssetIds::uuid[], @Sources::text[], @Scores::float8[], @Reasons::text[], @Repeats::boolean[])
                with ordinality given (id, segment, type, asset_id, source, score, reasons, is_repeated, place)
            join media_assets asset on asset.client_id = @ClientId and asset.id = given.asset_id and asset.id = any(@Held)
            left join lateral (
                select max(position) as position
                from manifest_entries
                where client_id = @ClientId and manifest_id = @ManifestId and segment = given.segment and type = given.type
            ) last on true
            on conflict on constraint manifest_entries_once do nothing
            returning asset_id
        ), used as (
            update media_assets asset
            set last_used_at = @Now
            from (select distinct asset_id from added) chosen
            where asset.client_id = @ClientId and asset.id = chosen.asset_id
        )
        select asset_id
        from added
        """;

    private const string InsertGather = """
        insert into gathers (client_id, manifest_id, status, request, shortages, providers, reused, downloaded, searches_saved, created_at, created_by_kind, created_by, updated_at)
        select @ClientId, @ManifestId, @Status, @Request::jsonb, @Shortages::jsonb, @Providers::jsonb, counted.reused, counted.downloaded, @SearchesSaved, @Now, @ActorKind, @ActorId, @Now
        from (
            select count(*) filter (where source = 'local-library') as reused, count(*) filter (where source <> 'local-library') as downloaded
            from manifest_entries
            where client_id = @ClientId and manifest_id = @ManifestId
        ) counted
        """;

    private const string UpdateGather = """
        update gathers
        set status = @Status, shortages = @Shortages::jsonb, providers = @Providers::jsonb, searches_saved = @SearchesSaved, reused = counted.reused, downloaded = counted.downloaded,
            error_code = null, error_message = null, updated_at = @Now, version = version + 1
        from (
            select count(*) filter (where source = 'local-library') as reused, count(*) filter (where source <> 'local-library') as downloaded
            from manifest_entries
            where client_id = @ClientId and manifest_id = @ManifestId
        ) counted
        where client_id = @ClientId and manifest_id = @ManifestId and status = 'running' -- one that has come to an end stays so, whoever is late
        """;

    private const string SelectGather = """
        select gather.request, gather.status, gather.searches_saved, gather.providers
        from gathers gather
        join manifests m on m.client_id = gather.client_id and m.id = gather.manifest_id and m.status = 'open' and m.deleted_at is null
        where gather.client_id = @ClientId and gather.manifest_id = @ManifestId
        """;

    private const string SelectStatus = """
        select status
        from gathers
        where client_id = @ClientId and manifest_id = @ManifestId
        for share
        """;

    private const string SelectEntries = """
        select segment, type, asset_id, source, provider, source_url
        from manifest_entries
        where client_id = @ClientId and manifest_id = @ManifestId
        order by segment, type, position
        """;

    private const string DeleteUnreadable = """
        with dropped as (
            delete from manifest_entries entry
            using media_assets asset
            where entry.client_id = @ClientId and entry.manifest_id = @ManifestId and asset.client_id = entry.client_id and asset.id = entry.asset_id and asset.status = 'failed'
        )
        select count(*)::int
        from manifest_entries entry
        join media_assets asset on asset.client_id = entry.client_id and asset.id = entry.asset_id
        where entry.client_id = @ClientId and entry.manifest_id = @ManifestId and asset.status = 'processing'
        """;

    private const string UpdateFailed = """
        update gathers
        set status = 'failed', error_code = @Code, error_message = @Message, updated_at = @Now, version = version + 1
        where client_id = @ClientId and manifest_id = @Id and status = 'running'
        """;

    private const string UpdateResumed = """
        update gathers
        set status = 'running', error_code = null, error_message = null, updated_at = @Now, version = version + 1
        where client_id = @ClientId and manifest_id = @Id and status = 'failed'
            and exists (select from manifests m where m.client_id = @ClientId and m.id = @Id and m.status = 'open' and m.deleted_at is null)
        """;

    private const string UpdateLapsed = """
        update manifests
        set status = 'abandoned', updated_at = @Now, version = version + 1
        where (client_id, id) in (
            select client_id, id
            from manifests
            where status = 'open' and lease_until < @Now and exists (select from clients where id = manifests.client_id and deleted_at is null) -- a client in the trash stays as it was
            order by lease_until
            limit @AtMost
            for update skip locked)
        """;

    public string SubjectType => RunGather.SubjectType;

    public async Task<IReadOnlyList<Guid>> Add(Guid manifestId, IReadOnlyList<NewEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0 || !await db.Find<bool>(LockOpen, new { db.ClientId, ManifestId = manifestId }, cancellationToken)) return [];

        var assetIds = entries.Select(entry => entry.AssetId).ToArray();
        var held = await db.List<Guid>(LockAssets, new { db.ClientId, AssetIds = assetIds }, cancellationToken);
        return await db.List<Guid>(
            Insert,
            new
            {
                db.ClientId, ManifestId = manifestId, Ids = entries.Select(_ => Guid.CreateVersion7()).ToArray(), SegmentKeys = entries.Select(entry => entry.Segment).ToArray(),
                Types = entries.Select(entry => Names.Of(entry.Type)).ToArray(), AssetIds = assetIds, Sources = entries.Select(entry => entry.Source).ToArray(),
                Scores = entries.Select(entry => entry.Score?.Score).ToArray(), Reasons = entries.Select(entry => ReasonsOf(entry.Score)).ToArray(),
                Repeats = entries.Select(entry => entry.IsRepeated).ToArray(), Held = held.ToArray(), ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(),
            },
            cancellationToken);
    }

    public Task AddGather(Guid manifestId, GatherRequest request, GatherOutcome outcome, GatherStatus status, CancellationToken cancellationToken) => db.Execute(
        InsertGather,
        new
        {
            db.ClientId, ManifestId = manifestId, Status = Names.Of(status), Request = JsonSerializer.Serialize(request, LibraryJson.Default.GatherRequest), Shortages = Json(outcome.Shortages),
            Providers = Json(outcome.Providers), outcome.SearchesSaved, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(),
        },
        cancellationToken);

    public async Task<GatherState?> FindGather(Guid manifestId, CancellationToken cancellationToken) =>
        await db.Find<GatherRow>(SelectGather, new { db.ClientId, ManifestId = manifestId }, cancellationToken) is { } row
            ? new GatherState(
                row.Request.Deserialize(LibraryJson.Default.GatherRequest)!,
                new(row.SearchesSaved, row.Providers.Deserialize(LibraryJson.Default.IReadOnlyListProviderReport)!, []), Names.Require<GatherStatus>(row.Status))
            : null;

    public async Task<GatherStatus?> FindStatus(Guid manifestId, CancellationToken cancellationToken) =>
        await db.Find<string>(SelectStatus, new { db.ClientId, ManifestId = manifestId }, cancellationToken) is { } status ? Names.Require<GatherStatus>(status) : null;

    public Task SaveGather(Guid manifestId, GatherOutcome outcome, GatherStatus status, CancellationToken cancellationToken) => db.Execute(
        UpdateGather,
        new { db.ClientId, ManifestId = manifestId, Status = Names.Of(status), Shortages = Json(outcome.Shortages), Providers = Json(outcome.Providers), outcome.SearchesSaved, Now = time.GetUtcNow() },
        cancellationToken);

    public Task<IReadOnlyList<GatheredEntry>> Entries(Guid manifestId, CancellationToken cancellationToken) =>
        db.List<GatheredEntry>(SelectEntries, new { db.ClientId, ManifestId = manifestId }, cancellationToken);

    public Task<int> DropUnreadable(Guid manifestId, CancellationToken cancellationToken) => db.Single<int>(DeleteUnreadable, new { db.ClientId, ManifestId = manifestId }, cancellationToken);

    public async Task AbandonLapsed(CancellationToken cancellationToken)
    {
        while (await db.Run(ct => db.Execute(UpdateLapsed, new { AtMost = AtATime, Now = time.GetUtcNow() }, ct), static _ => true, again: false, cancellationToken) == AtATime)
        {
        }
    }

    public Task Fail(Guid manifestId, Error reason, CancellationToken cancellationToken) => GivenUp(manifestId, JobError.Of(reason), cancellationToken);

    public Task GivenUp(Guid subjectId, JobError error, CancellationToken cancellationToken) =>
        db.Execute(UpdateFailed, new { db.ClientId, Id = subjectId, error.Code, error.Message, Now = time.GetUtcNow() }, cancellationToken);

    public Task Left(Guid subjectId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task Resumed(Guid subjectId, CancellationToken cancellationToken) => db.Execute(UpdateResumed, new { db.ClientId, Id = subjectId, Now = time.GetUtcNow() }, cancellationToken);

    private static string ReasonsOf(ScoredItem? score) => score is null ? "{}" : JsonSerializer.Serialize(
        new Reasons(score.AllTags, score.AnyTags, score.Recency, score.RecencyBoost, score.AspectFit, score.Matched), LibraryJson.Default.Reasons);

    private static string Json(IReadOnlyList<Shortage> shortages) => JsonSerializer.Serialize(shortages, LibraryJson.Default.IReadOnlyListShortage);

    private static string Json(IReadOnlyList<ProviderReport> reports) => JsonSerializer.Serialize(reports, LibraryJson.Default.IReadOnlyListProviderReport);

    private sealed record GatherRow(JsonElement Request, string Status, int SearchesSaved, JsonElement Providers);
}

/// <summary>The terms of a score, as an entry keeps them.</summary>
internal sealed record Reasons(double AllTags, double AnyTags, double Recency, double RecencyBoost, double AspectFit, string[] Matched);
