using MediaPlatform.Application.Publication;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Publication;

internal sealed class SetMedia(DbSession db, TimeProvider time) : ISetMedia
{
    private const string SelectItems = """
        select link.media_item_id as id, asset.deleted_at is not null or session.deleted_at is not null as is_hidden
        from set_media_items link
        join media_items item on item.client_id = link.client_id and item.id = link.media_item_id
        join sessions session on session.client_id = item.client_id and session.id = item.session_id
        join media_assets asset on asset.client_id = item.client_id and asset.id = item.asset_id
        where link.client_id = @ClientId and link.set_id = @SetId
        order by link.position
        """;

    // The session is asked for by itself: one that is joined would be compared with the session of before, when an item was moved while it was waited for.
    private const string SelectHeld = """
        select item.id
        from media_items item
        join media_assets asset on asset.client_id = item.client_id and asset.id = item.asset_id and asset.deleted_at is null
        where item.client_id = @ClientId and item.id = any(@Ids)
            and (select session.deleted_at from sessions session where session.client_id = item.client_id and session.id = item.session_id) is null
        order by item.id
        for share of item
        """;

    private const string Insert = """
        insert into set_media_items (client_id, id, set_id, media_item_id, position, created_at, created_by_kind, created_by, updated_at)
        select @ClientId, given.id, @SetId, given.item_id, shown.next + given.place - 1, @Now, @ActorKind, @ActorId, @Now
        from unnest(@Ids::uuid[], @ItemIds::uuid[]) with ordinality given (id, item_id, place)
        cross join (select coalesce(max(position) + 1, 0) as next from set_media_items where client_id = @ClientId and set_id = @SetId) shown
        """;

    private const string UpdateOrder = """
        update set_media_items link
        set position = given.place - 1, updated_at = @Now, version = link.version + 1
        from unnest(@ItemIds::uuid[]) with ordinality given (item_id, place)
        where link.client_id = @ClientId and link.set_id = @SetId and link.media_item_id = given.item_id and link.position <> given.place - 1
        """;

    private const string SelectVersion = """
        select link.version
        from set_media_items link
        join media_items item on item.client_id = link.client_id and item.id = link.media_item_id
        join sessions session on session.client_id = item.client_id and session.id = item.session_id and session.deleted_at is null
        join media_assets asset on asset.client_id = item.client_id and asset.id = item.asset_id and asset.deleted_at is null
        where link.client_id = @ClientId and link.set_id = @SetId and link.media_item_id = @ItemId
        """;

    private const string UpdateTexts = """
        update set_media_items
        set caption = normalize(@Caption), notes = normalize(@Notes), updated_at = @Now, version = version + 1
        where client_id = @ClientId and set_id = @SetId and media_item_id = @ItemId
        """;

    private const string Delete = """
        delete from set_media_items
        where client_id = @ClientId and set_id = @SetId and media_item_id = @ItemId
        """;

    // The places after it move up.
    private const string CloseGap = """
        update set_media_items link
        set position = kept.place - 1, updated_at = @Now, version = link.version + 1
        from (
            select id, row_number() over (order by position) as place
            from set_media_items
            where client_id = @ClientId and set_id = @SetId
        ) kept
        where link.client_id = @ClientId and link.id = kept.id and link.position <> kept.place - 1
        """;

    private const string SelectIsCompilation = "select is_compilation(@ClientId::uuid, @SetId::uuid)";

    // Locked by a statement of its own: what whoever held one has committed is seen by the next, and not by this one.
    private const string LockPending = """
        select id
        from sets
        where client_id = @ClientId and compilation_pending
        order by id
        limit @AtMost
        for update
        """;

    private const string UpdatePending = """
        update sets
        set is_compilation = is_compilation(client_id, id), compilation_pending = false
        where client_id = @ClientId and id = any(@Ids)
        """;

    public Task<IReadOnlyList<ShownItem>> FindItems(Guid setId, CancellationToken cancellationToken) => db.List<ShownItem>(SelectItems, new { db.ClientId, SetId = setId }, cancellationToken);

    public Task<IReadOnlyList<Guid>> Hold(IReadOnlyCollection<Guid> itemIds, CancellationToken cancellationToken) => db.List<Guid>(SelectHeld, new { db.ClientId, Ids = itemIds.ToArray() }, cancellationToken);

    public Task Add(Guid setId, IReadOnlyCollection<Guid> itemIds, CancellationToken cancellationToken) => db.Execute(
        Insert,
        new { db.ClientId, SetId = setId, Ids = itemIds.Select(_ => Guid.CreateVersion7()).ToArray(), ItemIds = itemIds.ToArray(), Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId },
        cancellationToken);

    public Task Order(Guid setId, IReadOnlyList<Guid> itemIds, CancellationToken cancellationToken) => db.Execute(UpdateOrder, new { db.ClientId, SetId = setId, ItemIds = itemIds.ToArray(), Now = time.GetUtcNow() }, cancellationToken);

    public async Task<long?> FindVersion(Guid setId, Guid itemId, CancellationToken cancellationToken) => await db.Find<int?>(SelectVersion, new { db.ClientId, SetId = setId, ItemId = itemId }, cancellationToken);

    public Task Describe(Guid setId, Guid itemId, string? caption, string? notes, CancellationToken cancellationToken) =>
        db.Execute(UpdateTexts, new { db.ClientId, SetId = setId, ItemId = itemId, Caption = caption, Notes = notes, Now = time.GetUtcNow() }, cancellationToken);

    public async Task Remove(Guid setId, Guid itemId, CancellationToken cancellationToken)
    {
        await db.Execute(Delete, new { db.ClientId, SetId = setId, ItemId = itemId }, cancellationToken);
        await db.Execute(CloseGap, new { db.ClientId, SetId = setId, Now = time.GetUtcNow() }, cancellationToken);
    }

    public Task<bool> IsCompilation(Guid setId, CancellationToken cancellationToken) => db.Single<bool>(SelectIsCompilation, new { db.ClientId, SetId = setId }, cancellationToken);

    public async Task<int> Recalculate(int atMost, CancellationToken cancellationToken)
    {
        var pending = await db.List<Guid>(LockPending, new { db.ClientId, AtMost = atMost }, cancellationToken);
        if (pending.Count > 0) await db.Execute(UpdatePending, new { db.ClientId, Ids = pending.ToArray() }, cancellationToken);
        return pending.Count;
    }
}
