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

    private const string Insert = """
        insert into media_attachments (client_id, id, asset_id, owner_type, owner_id, role, sort_order, meta, created_at, created_by, updated_at)
        values (@ClientId, @Id, @AssetId, @OwnerType, @OwnerId, @Role, @SortOrder, @Meta, @Now, @ActorId, @Now)
        """;

    private const string Delete = """
        delete from media_attachments
        where client_id = @ClientId and id = @Id
        """;

    private const string UpsertOwner = """
        insert into attachable_owners (client_id, owner_type, owner_id, id, title, created_at, created_by, updated_at)
        values (@ClientId, @OwnerType, @OwnerId, @Id, @Title, @Now, @ActorId, @Now)
        on conflict (client_id, owner_type, owner_id) do update
        set title = excluded.title, updated_at = excluded.updated_at, version = attachable_owners.version + 1
        where attachable_owners.title is distinct from excluded.title
        returning version = 1
        """;

    public async Task<bool> OwnerExists(string ownerType, string ownerId, CancellationToken cancellationToken) =>
        await db.Find<bool>(SelectOwnerForShare, new { db.ClientId, OwnerType = ownerType, OwnerId = ownerId }, cancellationToken);

    public async Task<AttachOutcome> Add(AttachmentId id, AttachMedia attachment, CancellationToken cancellationToken)
    {
        try
        {
            await db.Execute(
                Insert,
                new
                {
                    db.ClientId, Id = id.Value, AssetId = attachment.AssetId.Value, attachment.OwnerType, attachment.OwnerId, Role = Names.Of(attachment.Role),
                    attachment.SortOrder, Meta = attachment.Meta ?? NoMeta, db.Caller.ActorId, Now = time.GetUtcNow(),
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

    public async Task<bool> Remove(AttachmentId id, CancellationToken cancellationToken) =>
        await db.Execute(Delete, new { db.ClientId, Id = id.Value }, cancellationToken) == 1;

    public async Task<bool> SaveOwner(string ownerType, string ownerId, string? title, CancellationToken cancellationToken) => await db.Find<bool>(
        UpsertOwner,
        new { db.ClientId, OwnerType = ownerType, OwnerId = ownerId, Id = Guid.CreateVersion7(), Title = title, db.Caller.ActorId, Now = time.GetUtcNow() },
        cancellationToken);
}
