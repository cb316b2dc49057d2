using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

/// <summary>The tables of one kind of what episodes share, and the statements over them.</summary>
/// <param name="Records">Such as <c>backgrounds</c>.</param>
/// <param name="One">As its foreign keys begin, such as <c>background</c>.</param>
/// <param name="Uses">Such as <c>episode_backgrounds</c>.</param>
internal sealed record SharedAssetTables(string Records, string One, string Uses)
{
    public static readonly SharedAssetTables UiElements = new("ui_elements", "ui_element", "episode_ui_elements");
    public static readonly SharedAssetTables Backgrounds = new("backgrounds", "background", "episode_backgrounds");

    public static SharedAssetTables Of(SharedAssetKind kind) => kind is SharedAssetKind.UiElement ? UiElements : Backgrounds;

    public string InsertVersion { get; } = $"""
        insert into {One}_versions (client_id, id, {One}_id, number, asset_id, file_reference, notes, created_at, created_by_kind, created_by)
        select @ClientId, @VersionId, @Id, coalesce(max(number), 0) + 1, @AssetId, @FileReference, normalize(@Notes), @Now, @ActorKind, @ActorId
        from {One}_versions
        where client_id = @ClientId and {One}_id = @Id
        returning number
        """;

    public string Activate { get; } = $"""
        update {Records} r
        set active_version = v.number, asset_id = v.asset_id, file_reference = v.file_reference, updated_at = @Now,
            version = r.version + case when row(r.active_version, r.asset_id, r.file_reference) is distinct from row(v.number, v.asset_id, v.file_reference) then 1 else 0 end
        from {One}_versions v
        where r.client_id = @ClientId and r.id = @Id and v.client_id = r.client_id and v.{One}_id = r.id and v.number = @Number
        returning r.version
        """;

    public string Show { get; } = $"""
        update {Records}
        set active_version = @Number
        where client_id = @ClientId and id = @Id
        """;

    public string Select { get; } = $"""
        select r.id, r.name, v.number, v.asset_id, v.file_reference
        from {Records} r
        join {One}_versions v on v.client_id = r.client_id and v.{One}_id = r.id and v.number = coalesce(@Number::int, r.active_version)
        where r.client_id = @ClientId and r.id = @Id and r.deleted_at is null
        for key share of r
        """;

    public string SelectByFile { get; } = $"""
        select r.id, r.name, v.number, v.asset_id, v.file_reference
        from {One}_versions v
        join {Records} r on r.client_id = v.client_id and r.id = v.{One}_id and r.deleted_at is null
        where v.client_id = @ClientId and v.file_reference = @FileReference
        order by v.number = r.active_version desc, r.created_at, r.id, v.number desc
        limit 1
        for key share of r
        """;

    public string DeleteUses { get; } = $"""
        delete from {Uses}
        where client_id = @ClientId and episode_id = @EpisodeId and (role <> all(@Roles) or role = any(@Changed))
        """;

    public string InsertUses { get; } = $"""
        insert into {Uses} (client_id, episode_id, role, {One}_id, number)
        select @ClientId, @EpisodeId, used.role, used.id, used.number
        from unnest(@Changed::text[], @Ids::uuid[], @Numbers::int[]) as used (role, id, number)
        order by used.id
        """;

    // What is counted anew is locked in one order, whatever order the roles stand in.
    public string HoldCounted { get; } = $"""
        select r.id
        from {Records} r
        where r.client_id = @ClientId and (r.id = any(@Ids) or r.id in (select {One}_id from {Uses} where client_id = @ClientId and episode_id = @EpisodeId))
        order by r.id
        for no key update
        """;

    public string SelectVersions { get; } = $"""
        select v.id, v.number, v.number = r.active_version as is_active, v.asset_id, v.file_reference, v.notes,
            coalesce(uses.uses, 0) as usage_count, v.created_at, v.created_by
        from {One}_versions v
        join {Records} r on r.client_id = v.client_id and r.id = v.{One}_id
        left join (
            select used.number, count(*)::int as uses
            from {Uses} used
            join episodes e on e.client_id = used.client_id and e.id = used.episode_id and e.deleted_at is null
            where used.client_id = @ClientId and used.{One}_id = @Id
            group by used.number
        ) uses on uses.number = v.number
        where v.client_id = @ClientId and v.{One}_id = @Id
        order by v.number desc
        limit 1000
        """;

    public string SelectUsage { get; } = $"""
        select e.id as episode_id, e.title, e.season, e.episode_number, e.status, wear_date(e.*) as shown_on, used.role, used.number
        from {Uses} used
        join episodes e on e.client_id = used.client_id and e.id = used.episode_id and e.deleted_at is null
        where used.client_id = @ClientId and used.{One}_id = @Id
        order by shown_on desc nulls last, e.id, used.role
        limit 500
        """;

    /// <summary>Whether an episode <c>r</c> shows one of those that the values <c>{0}</c> name: by id, by name whatever its case, or by the file of any version. As an array they are taken for a few, which they are.</summary>
    public string Shows { get; } = $$"""
        r.id in (
            select used.episode_id
            from {{Uses}} used
            where used.client_id = @ClientId and used.{{One}}_id = any(array(
                select id from {{Records}}
                where client_id = @ClientId and (lower(name) = any({{Shared.RelatedNames}}) or id in ({{Shared.RelatedIds}}))
                union
                select {{One}}_id from {{One}}_versions
                where client_id = @ClientId and file_reference = any({0}))))
        """;

    /// <summary>Every statement, for the test that has PostgreSQL prepare them.</summary>
    public IEnumerable<string> Statements => [InsertVersion, Activate, Show, Select, SelectByFile, DeleteUses, InsertUses, HoldCounted, SelectVersions, SelectUsage];
}

internal sealed class SharedAssets(DbSession db, TimeProvider time) :
    ISharedAssets, IQueryHandler<ListSharedAssetVersions, SharedAssetVersionDetails[]>, IQueryHandler<GetSharedAssetUsage, UsedInEpisode[]>
{
    // Two who name the same new file at once make one of it.
    private const string LockFile = """
        select pg_advisory_xact_lock(hashtextextended(@Kind || ' ' || @ClientId::text || ' ' || @FileReference, 0))
        """;

    public Task<int> AddVersion(SharedAssetKind kind, Guid id, Guid? assetId, string? fileReference, string? notes, CancellationToken cancellationToken) => db.Single<int>(
        SharedAssetTables.Of(kind).InsertVersion,
        new
        {
            db.ClientId, VersionId = Guid.CreateVersion7(), Id = id, AssetId = assetId, FileReference = fileReference, Notes = notes, Now = time.GetUtcNow(),
            ActorKind = db.Caller.KindName, db.Caller.ActorId,
        },
        cancellationToken);

    public async Task<long?> Activate(SharedAssetKind kind, Guid id, int number, CancellationToken cancellationToken) =>
        await db.Find<int?>(SharedAssetTables.Of(kind).Activate, new { db.ClientId, Id = id, Number = number, Now = time.GetUtcNow() }, cancellationToken);

    public Task Show(SharedAssetKind kind, Guid id, int number, CancellationToken cancellationToken) =>
        db.Execute(SharedAssetTables.Of(kind).Show, new { db.ClientId, Id = id, Number = number }, cancellationToken);

    public Task<SharedAssetVersion?> Hold(SharedAssetKind kind, Guid id, int? number, CancellationToken cancellationToken) =>
        db.Find<SharedAssetVersion>(SharedAssetTables.Of(kind).Select, new { db.ClientId, Id = id, Number = number }, cancellationToken);

    public async Task<SharedAssetVersion?> HoldByFile(SharedAssetKind kind, string fileReference, CancellationToken cancellationToken)
    {
        await db.Execute(LockFile, new { Kind = Names.Of(kind), db.ClientId, FileReference = fileReference }, cancellationToken);
        return await db.Find<SharedAssetVersion>(SharedAssetTables.Of(kind).SelectByFile, new { db.ClientId, FileReference = fileReference }, cancellationToken);
    }

    public async Task Use(SharedAssetKind kind, Guid episodeId, IReadOnlyList<string> roles, IReadOnlyDictionary<string, SharedAssetVersion> changed, CancellationToken cancellationToken)
    {
        var tables = SharedAssetTables.Of(kind);
        var uses = new
        {
            db.ClientId, EpisodeId = episodeId, Roles = roles.ToArray(), Changed = changed.Keys.ToArray(), Ids = changed.Values.Select(version => version.Id).ToArray(),
            Numbers = changed.Values.Select(version => version.Number).ToArray(),
        };
        await db.List<Guid>(tables.HoldCounted, uses, cancellationToken);
        await db.Execute(tables.DeleteUses, uses, cancellationToken);
        await db.Execute(tables.InsertUses, uses, cancellationToken);
    }

    public async Task<Result<SharedAssetVersionDetails[]>> Handle(ListSharedAssetVersions query, CancellationToken cancellationToken) =>
        (await db.List<SharedAssetVersionDetails>(SharedAssetTables.Of(query.Kind).SelectVersions, new { db.ClientId, query.Id }, cancellationToken)).ToArray();

    public async Task<Result<UsedInEpisode[]>> Handle(GetSharedAssetUsage query, CancellationToken cancellationToken) =>
        (await db.List<UsedInEpisode>(SharedAssetTables.Of(query.Kind).SelectUsage, new { db.ClientId, query.Id }, cancellationToken)).ToArray();
}
