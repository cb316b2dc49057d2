using MediaPlatform.Application.Tagging;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Tagging;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Tagging;

/// <summary>Which tables bear tags is the database's to know (bear_tags), so that no line here is about one of them.</summary>
internal sealed class TagStore(DbSession db, TimeProvider time) : ITags
{
    private const int InAStatement = 200;

    private const string Compose = """
        select array(
            select normalize(tag)
            from unnest(@Tags::text[]) with ordinality as given (tag, place)
            group by 1
            order by min(place))
        """;

    private const string Lock = "select pg_advisory_xact_lock(hashtextextended('mediaplatform.tag_rewrites.' || @ClientId::uuid, 0))";

    private const string LockCountsOf = "select lock_tag_counts(@ClientId)";

    private const string SelectVersion = """
        select version
        from tags
        where client_id = @ClientId and tag = @Tag
        for update
        """;

    // A described tag stands in the list although nothing bears it.
    private const string Upsert = """
        with listed as (
            insert into tag_usage (client_id, tag)
            values (@ClientId, @Tag)
            on conflict (client_id, tag) do nothing
        )
        insert into tags (client_id, tag, id, category, description, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Tag, @Id, @Category, normalize(@Description), @Now, @ActorKind, @ActorId, @Now)
        on conflict (client_id, tag) do update
        set category = excluded.category, description = excluded.description, updated_at = excluded.updated_at, version = tags.version + 1
        """;

    private const string AnyDescribed = """
        select exists (
            select from tags
            where client_id = @ClientId and tag = any(@Tags))
        """;

    private const string SelectTagged = """
        select type, id
        from find_tagged(@ClientId, @Tags, @AtMost)
        """;

    private const string Replace = "select rewrite_tags(@ClientId, @Type, @Ids, @Tags, @Into, @Now)";

    private const string CopyDescription = """
        insert into tags (client_id, tag, id, category, description, created_at, created_by_kind, created_by, updated_at)
        select client_id, @Into, @Id, category, description, @Now, @ActorKind, @ActorId, @Now
        from tags
        where client_id = @ClientId and tag = any(@Tags)
        order by array_position(@Tags::text[], tag::text)
        limit 1
        on conflict (client_id, tag) do nothing
        """;

    private const string ListDescribed = """
        insert into tag_usage (client_id, tag)
        select client_id, tag
        from tags
        where client_id = @ClientId and tag = @Into
        on conflict (client_id, tag) do nothing
        """;

    private const string DeleteDescriptions = """
        delete from tags
        where client_id = @ClientId and tag = any(@Tags)
        """;

    private const string DeleteUnused = """
        delete from tag_usage
        where client_id = @ClientId and tag = any(@Tags) and total = 0
        """;

    private const string SelectLive = """
        select exists (
            select from jobs job
            join tag_rewrites rewrite on rewrite.client_id = job.client_id and rewrite.id = job.subject_id
            where job.client_id = @ClientId and job.type = @Type and job.status in ('queued', 'running')
                and (@Tags::text[] is null or rewrite.from_tags || rewrite.into_tag && @Tags::text[]))
        """;

    private const string Insert = """
        with forgotten as (
            delete from tag_rewrites old
            where old.client_id = @ClientId and not exists (select from jobs job where job.client_id = old.client_id and job.subject_id = old.id)
        )
        insert into tag_rewrites (client_id, id, from_tags, into_tag, created_at, created_by_kind, created_by)
        values (@ClientId, @Id, @FromTags, @IntoTag, @Now, @ActorKind, @ActorId)
        """;

    private const string SelectRewrite = """
        select id, from_tags, into_tag
        from tag_rewrites
        where client_id = @ClientId and id = @Id
        """;

    private const string Delete = """
        delete from tag_rewrites
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectJob = """
        select id
        from jobs
        where client_id = @ClientId and subject_id = @Id
        """;

    public async Task<string[]> AsKept(IEnumerable<string> tags, CancellationToken cancellationToken) =>
        await db.Single<string[]>(Compose, new { Tags = Tags.Normalise(tags) }, cancellationToken);

    public Task LockRewrites(CancellationToken cancellationToken) => db.Execute(Lock, new { db.ClientId }, cancellationToken);

    public Task LockCounts(CancellationToken cancellationToken) => db.Execute(LockCountsOf, new { db.ClientId }, cancellationToken);

    public Task<int?> FindVersionForUpdate(string tag, CancellationToken cancellationToken) =>
        db.Find<int?>(SelectVersion, new { db.ClientId, Tag = tag }, cancellationToken);

    public Task Save(string tag, TagCategory? category, string? description, CancellationToken cancellationToken) => db.Execute(
        Upsert,
        new
        {
            db.ClientId, Tag = tag, Id = Guid.CreateVersion7(), Category = category is { } given ? Names.Of(given) : null, Description = description,
            ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(),
        },
        cancellationToken);

    public Task<bool> AreDescribed(IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        db.Single<bool>(AnyDescribed, new { db.ClientId, Tags = tags.ToArray() }, cancellationToken);

    public Task<IReadOnlyList<TaggedRecord>> FindRecords(IReadOnlyList<string> tags, int atMost, CancellationToken cancellationToken) =>
        db.List<TaggedRecord>(SelectTagged, new { db.ClientId, Tags = tags.ToArray(), AtMost = atMost }, cancellationToken);

    public async Task<int> Rewrite(IEnumerable<TaggedRecord> records, IReadOnlyList<string> from, string? into, CancellationToken cancellationToken)
    {
        // some in each statement, which has its time limit; all in one order, so that no two wait for each other
        var rewritten = 0;
        foreach (var ofType in records.GroupBy(record => record.Type, record => record.Id, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            foreach (var ids in ofType.Order().Chunk(InAStatement))
                rewritten += await db.Single<int>(Replace, new { db.ClientId, Type = ofType.Key, Ids = ids, Tags = from.ToArray(), Into = into, Now = time.GetUtcNow() }, cancellationToken);
        }

        return rewritten;
    }

    public async Task MoveDescription(IReadOnlyList<string> from, string? into, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            db.ClientId, Tags = from.ToArray(), Into = into, Id = Guid.CreateVersion7(), ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(),
        };
        await db.Execute(LockCountsOf, parameters, cancellationToken);
        if (into is not null)
        {
            await db.Execute(CopyDescription, parameters, cancellationToken);
            await db.Execute(ListDescribed, parameters, cancellationToken);
        }

        await db.Execute(DeleteDescriptions, parameters, cancellationToken);
        await db.Execute(DeleteUnused, parameters, cancellationToken);
    }

    public Task<bool> IsBeingRewritten(IReadOnlyList<string>? tags, CancellationToken cancellationToken) =>
        db.Single<bool>(SelectLive, new { db.ClientId, Type = Domain.Jobs.JobType.TagsRewrite.Name, Tags = tags?.ToArray() }, cancellationToken);

    public Task Add(TagRewrite rewrite, CancellationToken cancellationToken) => db.Execute(
        Insert,
        new { db.ClientId, rewrite.Id, rewrite.FromTags, rewrite.IntoTag, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() },
        cancellationToken);

    public Task Remove(TagRewrite rewrite, CancellationToken cancellationToken) => db.Execute(Delete, new { db.ClientId, rewrite.Id }, cancellationToken);

    public Task<TagRewrite?> FindRewrite(Guid id, CancellationToken cancellationToken) => db.Find<TagRewrite>(SelectRewrite, new { db.ClientId, Id = id }, cancellationToken);

    public Task<Guid> FindJob(Guid rewriteId, CancellationToken cancellationToken) => db.Single<Guid>(SelectJob, new { db.ClientId, Id = rewriteId }, cancellationToken);
}
