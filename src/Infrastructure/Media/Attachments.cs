using System.Text.Json;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;
using Npgsql;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class Attachments(DbSession db, TimeProvider time) : IAttachments
{
    private static readonly JsonElement NoMeta = JsonElement.Parse("{}");

    private const string SelectOwnerForShare = """
        select true
        from attachable_owners
        where client_id = @ClientId and owner_type = @OwnerType and owner_id = @OwnerId
        for share
        """;

    // The cover that is in the trash is locked against its restore: either it is back and stands in the way, or it stays behind.
    private const string SetTrashedCoverAside = """
        with trashed as (
            select cover.id, exists (
                select from media_attachments beside
                where beside.client_id = cover.client_id and beside.owner_type = cover.owner_type and beside.owner_id = cover.owner_id
                    and beside.role = 'reference' and beside.asset_id = cover.asset_id) as is_beside
            from media_attachments cover
            join media_assets asset on asset.client_id = cover.client_id and asset.id = cover.asset_id
            where cover.client_id = @ClientId and cover.owner_type = @OwnerType and cover.owner_id = @OwnerId and cover.role = 'cover'
                and asset.deleted_at is not null
            for share of asset
        ), detached as (
            delete from media_attachments
            where client_id = @ClientId and id = (select id from trashed where is_beside)
        )
        update media_attachments
        set role = 'reference', updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = (select id from trashed where not is_beside)
        """;

    private const string Insert = """
        insert into media_attachments (client_id, id, asset_id, owner_type, owner_id, role, sort_order, meta, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Id, @AssetId, @OwnerType, @OwnerId, @Role, @SortOrder, @Meta, @Now, @ActorKind, @ActorId, @Now)
        """;

    private const string SelectVersionForUpdate = """
        select version
        from media_attachments
        where client_id = @ClientId and id = @Id
        for update
        """;

    private const string SelectOwnerVersionForUpdate = """
        select version
        from attachable_owners
        where client_id = @ClientId and owner_type = @OwnerType and owner_id = @OwnerId
        for update
        """;

    private const string Delete = """
        delete from media_attachments
        where client_id = @ClientId and id = @Id
        """;

    private const string UpsertOwner = """
        insert into attachable_owners (client_id, owner_type, owner_id, id, title, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @OwnerType, @OwnerId, @Id, normalize(@Title), @Now, @ActorKind, @ActorId, @Now)
        on conflict (client_id, owner_type, owner_id) do update
        set title = excluded.title, updated_at = excluded.updated_at, version = attachable_owners.version + 1
        where attachable_owners.title is distinct from excluded.title
        returning version = 1
        """;

    public async Task<bool> OwnerExists(string ownerType, string ownerId, CancellationToken cancellationToken) =>
        await db.Find<bool>(SelectOwnerForShare, new { db.ClientId, OwnerType = ownerType, OwnerId = ownerId }, cancellationToken);

    public async Task<AttachOutcome> Add(AttachmentId id, AttachMedia attachment, CancellationToken cancellationToken)
    {
        if (attachment.Role is AttachmentRole.Cover)
            await db.Execute(SetTrashedCoverAside, new { db.ClientId, attachment.OwnerType, attachment.OwnerId, Now = time.GetUtcNow() }, cancellationToken);

        try
        {
            await db.Execute(
                Insert,
                new
                {
                    db.ClientId, Id = id.Value, AssetId = attachment.AssetId.Value, attachment.OwnerType, attachment.OwnerId, Role = Names.Of(attachment.Role),
                    attachment.SortOrder, Meta = attachment.Meta ?? NoMeta, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(),
                },
                cancellationToken);
            return AttachOutcome.Attached;
        }
        catch (PostgresException exception) when (exception.IsViolationOf("media_attachments_once_per_role"))
        {
            return AttachOutcome.AlreadyAttached; // the transaction is over, and the command fails
        }
        catch (PostgresException exception) when (exception.IsViolationOf("media_attachments_one_cover"))
        {
            return AttachOutcome.CoverTaken;
        }
    }

    public async Task<long?> FindVersionForUpdate(AttachmentId id, CancellationToken cancellationToken) =>
        await db.Find<int?>(SelectVersionForUpdate, new { db.ClientId, Id = id.Value }, cancellationToken);

    public Task Remove(AttachmentId id, CancellationToken cancellationToken) => db.Execute(Delete, new { db.ClientId, Id = id.Value }, cancellationToken);

    public async Task<long?> FindOwnerVersionForUpdate(string ownerType, string ownerId, CancellationToken cancellationToken) =>
        await db.Find<int?>(SelectOwnerVersionForUpdate, new { db.ClientId, OwnerType = ownerType, OwnerId = ownerId }, cancellationToken);

    public async Task<bool> SaveOwner(string ownerType, string ownerId, string? title, CancellationToken cancellationToken) => await db.Find<bool>(
        UpsertOwner,
        new
        {
            db.ClientId, OwnerType = ownerType, OwnerId = ownerId, Id = Guid.CreateVersion7(), Title = title, ActorKind = db.Caller.KindName, db.Caller.ActorId,
            Now = time.GetUtcNow(),
        },
        cancellationToken);
}
