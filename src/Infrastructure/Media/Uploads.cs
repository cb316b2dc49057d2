using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class Uploads(DbSession db, TimeProvider time) : IUploads
{
    private const string SelectAllowedTypes = """
        select coalesce(allowed_file_types, '{}')
        from clients
        where id = @ClientId
        """;

    private const string Insert = """
        insert into uploads (
            client_id, id, kind, status, file_name, declared_mime_type, on_trashed, storage_provider, storage_key, expires_at,
            created_at, created_by_kind, created_by, updated_at)
        values (
            @ClientId, @Id, @Kind, 'open', normalize(@FileName), @DeclaredMimeType, @OnTrashed, @StorageProvider, @StorageKey, @ExpiresAt,
            @Now, @ActorKind, @ActorId, @Now)
        """;

    private const string SelectOpenForUpdate = """
        select true
        from uploads
        where client_id = @ClientId and id = @Id and status in ('open', 'received', 'verifying')
        for update
        """;

    private const string UpdateCompleted = """
        with upload as (
            update uploads
            set status = 'completed', asset_id = @AssetId, size_bytes = @SizeBytes, sha256 = @Sha256, updated_at = @Now, version = version + 1
            where client_id = @ClientId and id = @Id
            returning client_id, storage_provider, storage_key
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        select client_id, storage_provider, storage_key, 'duplicate'
        from upload
        where @Id <> @AssetId
        """;

    // One that was closed before lets go of its object again: its bytes may have been stored since.
    private const string UpdateRejected = """
        with upload as (
            update uploads
            set status = @Status, error_code = @Code, error_message = @Message, updated_at = @Now, version = version + 1
            where client_id = @ClientId and id = @Id and status in ('open', 'received', 'verifying')
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        select client_id, storage_provider, storage_key, @Status
        from uploads
        where client_id = @ClientId and id = @Id and status <> 'completed'
        """;

    private const string SelectExpired = """
        select id
        from uploads
        where client_id = @ClientId and expires_at < @Now and status in ('open', 'received', 'verifying')
        order by expires_at
        limit @Limit
        for update skip locked
        """;

    public async Task<IReadOnlyList<string>?> AllowedTypes(CancellationToken cancellationToken) =>
        await db.Single<string[]>(SelectAllowedTypes, new { db.ClientId }, cancellationToken) is { Length: > 0 } types ? types : null;

    public Task Add(NewUpload upload, CancellationToken cancellationToken) => db.Execute(
        Insert,
        new
        {
            db.ClientId, Id = upload.Id.Value, Kind = Names.Of(upload.Kind), upload.FileName, upload.DeclaredMimeType, OnTrashed = Names.Of(upload.OnTrashed),
            upload.StorageProvider, upload.StorageKey, upload.ExpiresAt, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(),
        },
        cancellationToken);

    public Task<bool> LockOpen(UploadId id, CancellationToken cancellationToken) =>
        db.Find<bool>(SelectOpenForUpdate, new { db.ClientId, Id = id.Value }, cancellationToken);

    public Task Complete(UploadId id, AssetId asset, long sizeBytes, byte[] sha256, CancellationToken cancellationToken) => db.Execute(
        UpdateCompleted,
        new { db.ClientId, Id = id.Value, AssetId = asset.Value, SizeBytes = sizeBytes, Sha256 = sha256, Now = time.GetUtcNow() },
        cancellationToken);

    public Task Reject(UploadId id, UploadStatus status, Error reason, CancellationToken cancellationToken) => db.Execute(
        UpdateRejected,
        new { db.ClientId, Id = id.Value, Status = Names.Of(status), reason.Code, reason.Message, Now = time.GetUtcNow() },
        cancellationToken);

    public async Task<IReadOnlyList<UploadId>> FindExpired(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        [.. (await db.List<Guid>(SelectExpired, new { db.ClientId, Now = now, Limit = limit }, cancellationToken)).Select(id => new UploadId(id))];
}
