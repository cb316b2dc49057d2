using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Publication;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Publication;

internal sealed class SetMediaQueries(DbSession db) : IQueryHandler<ListMediaOfSet, SetMediaDetails[]>, IQueryHandler<GetMediaOfSet, SetMediaDetails>
{
    private const string Select = """
        select link.media_item_id, link.position, s.cover_media_item_id is not distinct from link.media_item_id as is_cover, item.asset_id, item.session_id, asset.type, asset.title, link.caption, link.notes, link.version
        from set_media_items link
        join sets s on s.client_id = link.client_id and s.id = link.set_id
        join media_items item on item.client_id = link.client_id and item.id = link.media_item_id
        join sessions session on session.client_id = item.client_id and session.id = item.session_id and session.deleted_at is null
        join media_assets asset on asset.client_id = item.client_id and asset.id = item.asset_id
        where link.client_id = @ClientId and link.set_id = @SetId and asset.deleted_at is null and (@ItemId::uuid is null or link.media_item_id = @ItemId)
        order by link.position
        limit 5000 -- no more are written
        """;

    public async Task<Result<SetMediaDetails[]>> Handle(ListMediaOfSet query, CancellationToken cancellationToken)
    {
        if (await db.FindHidden(SetRecords.Table, query.SetId, cancellationToken) is { } hidden) return hidden;
        return (await db.List<SetMediaDetails>(Select, new { db.ClientId, query.SetId, ItemId = (Guid?)null }, cancellationToken)).ToArray();
    }

    public async Task<Result<SetMediaDetails>> Handle(GetMediaOfSet query, CancellationToken cancellationToken)
    {
        if (await db.FindHidden(SetRecords.Table, query.SetId, cancellationToken) is { } hidden) return hidden;
        return await db.Find<SetMediaDetails>(Select, new { db.ClientId, query.SetId, ItemId = (Guid?)query.MediaItemId }, cancellationToken) is { } item ? item : new SetMediaNotFound(query.SetId, query.MediaItemId);
    }
}
