using System.Diagnostics;
using MediaPlatform.Application.Library;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class LibraryQueries(DbSession db, ILibraryBudget budget, IStockEviction eviction)
    : IQueryHandler<GetLibraryStats, LibraryStats>, IQueryHandler<ListManifestEntries, ManifestEntryDetails[]>, IQueryHandler<GetGather, GatherDetails>,
      IQueryHandler<AwaitGather, Done>
{
    private const string SelectCounts = """
        select count(*) filter (where type = 'image') as images, count(*) filter (where type = 'video') as videos,
            (select count(*)::int from manifests where client_id = @ClientId and status = 'open' and deleted_at is null) as open_manifests,
            (select library_root_version from clients where id = @ClientId) as root_version
        from library_items
        where client_id = @ClientId
        """;

    private const string SelectEntries = """
        with asked as materialized (
            select segment ->> 'key' as key, place
            from gathers gather
            cross join lateral jsonb_array_elements(gather.request -> 'segments') with ordinality given (segment, place)
            where gather.client_id = @ClientId and gather.manifest_id = @ManifestId
        )
        select entry.id, entry.segment, entry.type, entry.position, entry.asset_id as library_id, entry.source, entry.provider, entry.source_url, encode(entry.sha256, 'hex') as sha256,
            entry.original_filename, asset.status, entry.score, entry.reasons, entry.is_repeated, entry.created_at
        from manifest_entries entry
        left join media_assets asset on asset.client_id = entry.client_id and asset.id = entry.asset_id
        left join asked on asked.key = entry.segment
        where entry.client_id = @ClientId and entry.manifest_id = @ManifestId
        order by asked.place, entry.segment, entry.type desc, entry.position, entry.id
        limit 20000
        """;

    private const string SelectGather = """
        select gather.manifest_id, gather.status, case gather.status when 'running' then coalesce(job.progress, 0) else 100 end as progress, job.id as job_id, gather.reused, gather.downloaded,
            gather.searches_saved, gather.providers, gather.shortages, gather.request, gather.error_code, gather.error_message, gather.created_at, gather.updated_at
        from gathers gather
        left join lateral (
            select id, progress
            from jobs
            where client_id = gather.client_id and subject_type = 'manifest' and subject_id = gather.manifest_id and type = 'LIBRARY_GATHER'
            order by created_at desc
            limit 1
        ) job on true
        where gather.client_id = @ClientId and gather.manifest_id = @ManifestId
        """;

    private const string SelectIsRunning = """
        select exists (select from gathers where client_id = @ClientId and manifest_id = @ManifestId and status = 'running')
        """;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    public async Task<Result<LibraryStats>> Handle(GetLibraryStats query, CancellationToken cancellationToken)
    {
        var counts = await db.Single<Counts>(SelectCounts, new { db.ClientId }, cancellationToken);
        var taken = await budget.Find(cancellationToken);
        return new LibraryStats(counts.Images, counts.Videos, taken.Quota, taken.Used, taken.Reserved, taken.Room, counts.OpenManifests, counts.RootVersion, await eviction.Usage(cancellationToken));
    }

    public async Task<Result<ManifestEntryDetails[]>> Handle(ListManifestEntries query, CancellationToken cancellationToken)
    {
        if (await db.FindHidden(ManifestRecords.Table, query.ManifestId, cancellationToken) is { } hidden) return hidden;
        return (await db.List<ManifestEntryDetails>(SelectEntries, new { db.ClientId, query.ManifestId }, cancellationToken)).ToArray();
    }

    public async Task<Result<GatherDetails>> Handle(GetGather query, CancellationToken cancellationToken)
    {
        if (await db.FindHidden(ManifestRecords.Table, query.ManifestId, cancellationToken) is { } hidden) return hidden;
        return await db.Find<GatherDetails>(SelectGather, new { db.ClientId, query.ManifestId }, cancellationToken) is { } gather ? gather : new ManifestNotGathered(query.ManifestId);
    }

    public async Task<Result<Done>> Handle(AwaitGather query, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (await db.Single<bool>(SelectIsRunning, new { db.ClientId, query.ManifestId }, cancellationToken) && Stopwatch.GetElapsedTime(started) < query.AtMost) await Task.Delay(Between, cancellationToken);
        return Done.Instance;
    }

    private sealed record Counts(long Images, long Videos, int OpenManifests, int RootVersion);
}
