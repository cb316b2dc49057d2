using MediaPlatform.Application.Search;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Search;

internal sealed class SearchReindexes(DbSession db, IEnumerable<Searched> searched, TimeProvider time) : ISearchReindexes
{
    private const string TakeTurn = "select pg_advisory_xact_lock(hashtextextended('mediaplatform.search_reindexes.' || @ClientId::uuid, 0))";

    private const string SelectLive = """
        select exists (
            select from jobs
            where client_id = @ClientId and type = @Type and status in ('queued', 'running'))
        """;

    private const string Insert = """
        with forgotten as (
            delete from search_reindexes old
            where old.client_id = @ClientId and not exists (select from jobs job where job.client_id = old.client_id and job.subject_id = old.id)
        )
        insert into search_reindexes (client_id, id, types, total, created_at, created_by_kind, created_by)
        values (@ClientId, @Id, @Types, @Total, @Now, @ActorKind, @ActorId)
        """;

    private const string SelectJob = """
        select id
        from jobs
        where client_id = @ClientId and subject_id = @Id
        """;

    private const string SelectForUpdate = """
        select types, total, reached, after_id, seen, changed
        from search_reindexes
        where client_id = @ClientId and id = @Id
        for update
        """;

    private const string Recompute = """
        select last, seen, changed
        from recompute_search(@Table::text::regclass, @ClientId, @AfterId, @AtMost)
        """;

    private const string Update = """
        update search_reindexes
        set reached = @Reached, after_id = @AfterId, seen = @Seen, changed = @Changed
        where client_id = @ClientId and id = @Id
        """;

    private const string Delete = """
        delete from search_reindexes
        where client_id = @ClientId and id = @Id
        """;

    public IReadOnlyList<string> Types => [.. searched.OrderBy(kind => kind.Place).Select(kind => kind.Type)];

    public Task Lock(CancellationToken cancellationToken) => db.Execute(TakeTurn, new { db.ClientId }, cancellationToken);

    public Task<bool> IsLive(CancellationToken cancellationToken) => db.Single<bool>(SelectLive, new { db.ClientId, Type = JobType.SearchReindex.Name }, cancellationToken);

    public async Task Add(Guid id, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        var total = 0L;
        foreach (var type in types) total += await db.Single<long>(Count(TableOf(type)!), new { db.ClientId }, cancellationToken);
        await db.Execute(
            Insert, new { db.ClientId, Id = id, Types = types.ToArray(), Total = total, Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId }, cancellationToken);
    }

    public Task<Guid> FindJob(Guid id, CancellationToken cancellationToken) => db.Single<Guid>(SelectJob, new { db.ClientId, Id = id }, cancellationToken);

    public async Task<ReindexedSoFar?> Advance(Guid id, int atMost, CancellationToken cancellationToken)
    {
        if (await db.Find<Row>(SelectForUpdate, new { db.ClientId, Id = id }, cancellationToken) is not { } at) return null;
        if (at.Reached == at.Types.Length) return new ReindexedSoFar(IsDone: true, at.Seen, at.Changed, at.Total);

        // a type that this version of the worker does not know has nothing to be done
        var batch = TableOf(at.Types[at.Reached]) is { } table
            ? await db.Single<Batch>(Recompute, new { Table = table, db.ClientId, at.AfterId, AtMost = atMost }, cancellationToken)
            : new Batch(Last: null, 0, 0);
        if (batch.Seen is not { } looked) return new ReindexedSoFar(IsDone: false, at.Seen, at.Changed, at.Total);

        var isLast = looked < atMost;
        var (seen, changed) = (at.Seen + looked, at.Changed + batch.Changed!.Value);
        await db.Execute(
            Update, new { db.ClientId, Id = id, Reached = at.Reached + (isLast ? 1 : 0), AfterId = isLast ? null : batch.Last, Seen = seen, Changed = changed }, cancellationToken);
        return new ReindexedSoFar(IsDone: false, seen, changed, at.Total);
    }

    public Task Remove(Guid id, CancellationToken cancellationToken) => db.Execute(Delete, new { db.ClientId, Id = id }, cancellationToken);

    internal static string Count(string table) => $"""
        select count(*)
        from {table}
        where client_id = @ClientId
        """;

    private string? TableOf(string type) => searched.FirstOrDefault(kind => kind.Type == type)?.Table;

    private sealed record Row(string[] Types, long Total, int Reached, Guid? AfterId, long Seen, long Changed);

    private sealed record Batch(Guid? Last, int? Seen, int? Changed);
}
