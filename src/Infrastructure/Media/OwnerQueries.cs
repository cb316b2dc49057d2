using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class OwnerQueries(DbSession db)
    : IQueryHandler<GetOwner, OwnerDetails>, IQueryHandler<ListOwnerMedia, OwnerMedia>, IQueryHandler<GetAttachment, AttachmentDetails>
{
    private const string SelectOwner = """
        select id, owner_type, owner_id, title, created_at, updated_at, version
        from attachable_owners
        where client_id = @ClientId and owner_type = @OwnerType and owner_id = @OwnerId
        """;

    private const string AttachmentColumns = "a.id, a.asset_id, a.owner_type, a.owner_id, a.role, a.sort_order, a.meta, a.created_at, a.created_by_kind, a.created_by, a.version";

    private const string SelectAttachment = $"""
        select {AttachmentColumns}
        from media_attachments a
        where a.client_id = @ClientId and a.id = @Id
        """;

    private const string SelectAttachments = $"""
        select {AttachmentColumns}
        from media_attachments a
        join media_assets asset on asset.client_id = a.client_id and asset.id = a.asset_id
        where a.client_id = @ClientId and a.owner_type = @OwnerType and a.owner_id = @OwnerId
            and (@Role::text is null or a.role = @Role)
            and asset.deleted_at is null
        order by array_position(array['cover', 'inline', 'gallery', 'reference'], a.role), a.sort_order, a.created_at, a.id
        limit {Limit}
        """;

    private const string Limit = "500";

    public async Task<Result<OwnerDetails>> Handle(GetOwner query, CancellationToken cancellationToken) =>
        await db.Find<OwnerDetails>(SelectOwner, new { db.ClientId, query.OwnerType, query.OwnerId }, cancellationToken) is { } owner
            ? owner
            : new OwnerNotFound(query.OwnerType, query.OwnerId);

    public async Task<Result<AttachmentDetails>> Handle(GetAttachment query, CancellationToken cancellationToken) =>
        await db.Find<AttachmentDetails>(SelectAttachment, new { db.ClientId, Id = query.Id.Value }, cancellationToken) is { } attachment
            ? attachment
            : new AttachmentNotFound(query.Id);

    public async Task<Result<OwnerMedia>> Handle(ListOwnerMedia query, CancellationToken cancellationToken)
    {
        if (db.Caller.Rights.In("media") is null) return new RoleTooLow(Role.Viewer);
        var owner = await Handle(new GetOwner(query.OwnerType, query.OwnerId), cancellationToken);
        if (!owner.Succeeded) return owner.As<OwnerMedia>();

        var role = query.Role is { } wanted ? Names.Of(wanted) : null;
        var attachments = await db.List<AttachmentDetails>(SelectAttachments, new { db.ClientId, query.OwnerType, query.OwnerId, Role = role }, cancellationToken);
        var ids = attachments.Select(attachment => attachment.AssetId).Distinct().ToArray();
        var assets = (await db.List<MediaAssetDetails>(MediaQueries.SelectByIds, new { db.ClientId, Ids = ids }, cancellationToken)).ToDictionary(asset => asset.Id);
        return new OwnerMedia(
            owner.Value, [.. attachments.Where(attachment => assets.ContainsKey(attachment.AssetId)).Select(attachment => new AttachedMedia(attachment, assets[attachment.AssetId]))]);
    }
}
