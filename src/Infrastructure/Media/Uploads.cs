using System.Text.Json;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class Uploads(DbSession db, MediaOptions options, TimeProvider time) : IUploads, IJobSubject
{
    private const string SelectAllowedTypes = """
        select coalesce(allowed_file_types, '{}')
        from clients
        where id = @ClientId
        """;

    private const string SelectAllowedS3Prefixes = """
        select allowed_s3_prefixes
        from clients
        where id = @ClientId
        """;

    private const string UpdateAllowedS3Prefixes = """
        update clients
        set allowed_s3_prefixes = @Prefixes, updated_at = @Now, version = version + 1
        where id = @ClientId
        """;

    private const string Insert = """
        insert into uploads (
            client_id, id, kind, status, file_name, declared_mime_type, declared_size, declared_sha256, part_bytes, on_trashed, texts, source_url,
            storage_provider, storage_key, expires_at, created_at, created_by_kind, created_by, updated_at)
        values (
            @ClientId, @Id, @Kind, @Status, normalize(@FileName), @DeclaredMimeType, @DeclaredSize, @DeclaredSha256, @PartBytes, @OnTrashed, @Texts::jsonb, @SourceUrl,
            @StorageProvider, @StorageKey, @ExpiresAt, @Now, @ActorKind, @ActorId, @Now)
        """;

    private const string SelectOne = """
        select id, kind, status, file_name, declared_mime_type, declared_size, declared_sha256, part_bytes, multipart_id, on_trashed, texts, source_url,
            storage_provider, storage_key, expires_at, created_by_kind, created_by, version
        from uploads
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectOneForUpdate = $"""
        {SelectOne}
        for update
        """;

    private const string UpdateMultipart = """
        update uploads
        set multipart_id = @MultipartId
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateReceived = """
        update uploads
        set status = 'received', declared_sha256 = coalesce(@DeclaredSha256, declared_sha256), updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateVerifying = """
        update uploads
        set status = 'verifying', updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id and status = 'received'
        """;

    private const string SelectOpenForUpdate = """
        select true
        from uploads
        where client_id = @ClientId and id = @Id and status in ('open', 'received', 'verifying', 'conflict')
        for update
        """;

    // All that an upload stores lies in a folder of its own, which is its asset's as well when it becomes one. A client may send bytes
    // for as long as its link works and its connection lasts, so that what comes late goes later: no request outlives its link by a day
    // (MediaOptions.UploadLinkGrace). What is registered is not ours.
    private const string FromUploadNowAndLate = """
        from upload
        cross join lateral (values (now()), (case when kind in ('presigned', 'multipart') then greatest(expires_at, now()) + interval '1 day' end)) as late (due_at)
        where kind <> 'registered' and due_at is not null
        """;

    private const string UpdateCompleted = $"""
        with completed as (
            update uploads
            set status = 'completed', asset_id = @AssetId, size_bytes = @SizeBytes, sha256 = @Sha256, texts = @Texts::jsonb, source_url = null, error_code = @Code, error_message = @Message, updated_at = @Now, version = version + 1
            where client_id = @ClientId and id = @Id
            returning client_id, kind, storage_provider, storage_key, expires_at
        ), upload as (
            select
                client_id, kind, storage_provider, expires_at,
                regexp_replace(storage_key, '[^/]+$', '') || case when @Id = @AssetId then 'incoming' else '' end as storage_key,
                case when @Id = @AssetId then 'verified' else 'duplicate' end as reason
            from completed
            where @Id <> @AssetId or kind = 'presigned'
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason, due_at)
        select client_id, storage_provider, storage_key, reason, due_at
        {FromUploadNowAndLate}
        """;

    // What was sent in one go is stored once more by now, where nobody has a link to. Whoever comes to decide finds the very bytes, of a name that
    // was perhaps the server's.
    private const string UpdateConflict = $"""
        with conflicting as (
            update uploads
            set status = 'conflict', asset_id = @AssetId, size_bytes = @SizeBytes, sha256 = @Sha256, format = @Format, file_name = normalize(@FileName), storage_key = @StorageKey, texts = @Texts::jsonb,
                source_url = @SourceUrl, error_code = @Code, error_message = @Message, expires_at = @ExpiresAt, updated_at = @Now, version = version + 1
            where client_id = @ClientId and id = @Id
            returning client_id, kind, storage_provider, storage_key, expires_at
        ), upload as (
            select client_id, kind, storage_provider, expires_at, regexp_replace(storage_key, '[^/]+$', '') || 'incoming' as storage_key, 'verified' as reason
            from conflicting
            where kind = 'presigned'
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason, due_at)
        select client_id, storage_provider, storage_key, reason, due_at
        {FromUploadNowAndLate}
        """;

    private const string SelectConflict = """
        select format, size_bytes, sha256, error_code
        from uploads
        where client_id = @ClientId and id = @Id and status = 'conflict'
        """;

    // Of those who begin at once each waits for the one before, or all would find the same room.
    private const string LockBegun = "select pg_advisory_xact_lock(hashtextextended(@ClientId::text, 1))";

    private const string CountUnderWay = """
        select count(*)::int
        from (
            select from uploads
            where client_id = @ClientId and status in ('open', 'received', 'verifying')
            limit @Limit
        ) under_way
        """;

    private const string CountOwnUnderWay = """
        select count(*)::int
        from uploads
        where client_id = @ClientId and status in ('open', 'received', 'verifying') and created_by_kind = @ActorKind and created_by = @ActorId
        """;

    // One that was closed before lets go of its objects again: bytes may have been stored since.
    private const string UpdateRejected = $"""
        with closed as (
            update uploads
            set status = @Status, error_code = @Code, error_message = @Message, source_url = null, updated_at = @Now, version = version + 1
            where client_id = @ClientId and id = @Id and status in ('open', 'received', 'verifying', 'conflict')
        ), upload as (
            select client_id, kind, storage_provider, expires_at, regexp_replace(storage_key, '[^/]+$', '') as storage_key, @Status as reason
            from uploads
            where client_id = @ClientId and id = @Id and status <> 'completed'
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason, due_at)
        select client_id, storage_provider, storage_key, reason, due_at
        {FromUploadNowAndLate}
        """;

    private const string LetClosedGo = $"""
        with upload as (
            select client_id, kind, storage_provider, expires_at, regexp_replace(storage_key, '[^/]+$', '') as storage_key, status as reason
            from uploads
            where client_id = @ClientId and id = @Id
                and (
                    status in ('rejected', 'expired')
                    or (status = 'completed' and not exists (select from media_assets asset where asset.client_id = uploads.client_id and asset.id = uploads.id))
                )
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason, due_at)
        select client_id, storage_provider, storage_key, reason, due_at
        {FromUploadNowAndLate}
        """;

    // What it was made of is gone, unless it lies elsewhere and where is still known: a URL is forgotten with the end.
    private const string UpdateResumed = """
        update uploads
        set status = 'received', error_code = null, error_message = null, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id and status = 'rejected' and kind = 'registered'
        """;

    private const string SelectExpired = """
        select id
        from uploads
        where client_id = @ClientId and expires_at < @Now and status in ('open', 'conflict')
        order by expires_at
        limit @Limit
        for update skip locked
        """;

    public async Task<IReadOnlyList<string>?> AllowedTypes(CancellationToken cancellationToken) =>
        await db.Single<string[]>(SelectAllowedTypes, new { db.ClientId }, cancellationToken) is { Length: > 0 } types ? types : null;

    public async Task<IReadOnlyList<string>> AllowedS3Prefixes(CancellationToken cancellationToken) =>
        await db.Single<string[]>(SelectAllowedS3Prefixes, new { db.ClientId }, cancellationToken);

    public Task SaveAllowedS3Prefixes(IReadOnlyList<string> prefixes, CancellationToken cancellationToken) =>
        db.Execute(UpdateAllowedS3Prefixes, new { db.ClientId, Prefixes = prefixes.ToArray(), Now = time.GetUtcNow() }, cancellationToken);

    public Task Add(NewUpload upload, CancellationToken cancellationToken) => db.Execute(
        Insert,
        new
        {
            db.ClientId, Id = upload.Id.Value, Kind = Names.Of(upload.Kind), Status = Names.Of(upload.Status), upload.FileName, upload.DeclaredMimeType, upload.DeclaredSize,
            upload.DeclaredSha256, upload.PartBytes, OnTrashed = Names.Of(upload.OnTrashed), Texts = TextsOf(upload),
            upload.SourceUrl, upload.StorageProvider, upload.StorageKey, upload.ExpiresAt, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(),
        },
        cancellationToken);

    public Task SaveMultipart(UploadId id, string multipartId, CancellationToken cancellationToken) =>
        db.Execute(UpdateMultipart, new { db.ClientId, Id = id.Value, MultipartId = multipartId }, cancellationToken);

    public Task<UploadState?> Find(UploadId id, CancellationToken cancellationToken) => Find(SelectOne, id, cancellationToken);

    public Task<UploadState?> FindForUpdate(UploadId id, CancellationToken cancellationToken) => Find(SelectOneForUpdate, id, cancellationToken);

    public Task SaveReceived(UploadId id, byte[]? declaredSha256, CancellationToken cancellationToken) => db.Execute(
        UpdateReceived, new { db.ClientId, Id = id.Value, DeclaredSha256 = declaredSha256, Now = time.GetUtcNow() }, cancellationToken);

    public Task SaveVerifying(UploadId id, CancellationToken cancellationToken) =>
        db.Execute(UpdateVerifying, new { db.ClientId, Id = id.Value, Now = time.GetUtcNow() }, cancellationToken);

    public Task<bool> LockOpen(UploadId id, CancellationToken cancellationToken) =>
        db.Find<bool>(SelectOpenForUpdate, new { db.ClientId, Id = id.Value }, cancellationToken);

    public Task Complete(ReceivedUpload received, AssetId asset, Error? remark, CancellationToken cancellationToken) => db.Execute(
        UpdateCompleted,
        new
        {
            db.ClientId, Id = received.Upload.Id.Value, AssetId = asset.Value, received.SizeBytes, received.Sha256, Texts = TextsOf(received.Upload), remark?.Code, remark?.Message, Now = time.GetUtcNow(),
        },
        cancellationToken);

    public Task SaveConflict(ReceivedUpload received, AssetId asset, Error reason, CancellationToken cancellationToken) => db.Execute(
        UpdateConflict,
        new
        {
            db.ClientId, Id = received.Upload.Id.Value, AssetId = asset.Value, received.SizeBytes, received.Sha256, Format = received.Format.Name, received.Upload.FileName,
            received.Upload.StorageKey, Texts = TextsOf(received.Upload), received.Upload.SourceUrl, reason.Code, reason.Message, ExpiresAt = time.GetUtcNow() + options.UploadExpiry, Now = time.GetUtcNow(),
        },
        cancellationToken);

    public async Task<ReceivedUpload> FindConflict(UploadState upload, CancellationToken cancellationToken)
    {
        var row = await db.Single<ConflictRow>(SelectConflict, new { db.ClientId, Id = upload.Upload.Id.Value }, cancellationToken);
        return new(upload.Upload, FileFormats.All.First(format => format.Name == row.Format), row.SizeBytes, row.Sha256)
        {
            By = new(upload.CreatedByKind, upload.CreatedBy), WaitsFor = row.ErrorCode,
        };
    }

    public async Task<bool> HasRoomFor(int more, int limit, CancellationToken cancellationToken)
    {
        await db.Execute(LockBegun, new { db.ClientId }, cancellationToken);
        return await db.Single<int>(CountUnderWay, new { db.ClientId, Limit = limit }, cancellationToken) + more <= limit;
    }

    public async Task<bool> CallerHasRoomFor(int more, int limit, CancellationToken cancellationToken)
    {
        await db.Execute(LockBegun, new { db.ClientId }, cancellationToken);
        return await db.Single<int>(CountOwnUnderWay, new { db.ClientId, ActorKind = db.Caller.KindName, db.Caller.ActorId }, cancellationToken) + more <= limit;
    }

    public Task Reject(UploadId id, UploadStatus status, Error reason, CancellationToken cancellationToken) => db.Execute(
        UpdateRejected,
        new { db.ClientId, Id = id.Value, Status = Names.Of(status), reason.Code, reason.Message, Now = time.GetUtcNow() },
        cancellationToken);

    public async Task<IReadOnlyList<UploadId>> FindExpired(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        [.. (await db.List<Guid>(SelectExpired, new { db.ClientId, Now = now, Limit = limit }, cancellationToken)).Select(id => new UploadId(id))];

    public string SubjectType => MediaJobs.UploadSubjectType;

    public Task GivenUp(Guid subjectId, JobError error, CancellationToken cancellationToken) => db.Execute(
        UpdateRejected,
        new { db.ClientId, Id = subjectId, Status = Names.Of(UploadStatus.Rejected), error.Code, error.Message, Now = time.GetUtcNow() },
        cancellationToken);

    public Task LetGo(UploadId id, CancellationToken cancellationToken) => Left(id.Value, cancellationToken);

    public Task Left(Guid subjectId, CancellationToken cancellationToken) =>
        db.Execute(LetClosedGo, new { db.ClientId, Id = subjectId }, cancellationToken);

    public Task Resumed(Guid subjectId, CancellationToken cancellationToken) =>
        db.Execute(UpdateResumed, new { db.ClientId, Id = subjectId, Now = time.GetUtcNow() }, cancellationToken);

    private async Task<UploadState?> Find(string select, UploadId id, CancellationToken cancellationToken) =>
        await db.Find<Row>(select, new { db.ClientId, Id = id.Value }, cancellationToken) is { } row && db.Caller.MaySee(row.CreatedByKind, row.CreatedBy)
            ? new UploadState(
                new NewUpload(
                    new(row.Id), Names.Require<UploadKind>(row.Kind), row.FileName, row.DeclaredMimeType, Names.Require<OnTrashed>(row.OnTrashed), row.StorageProvider,
                    row.StorageKey, row.ExpiresAt)
                {
                    DeclaredSize = row.DeclaredSize, DeclaredSha256 = row.DeclaredSha256, PartBytes = row.PartBytes, Texts = row.Texts, SourceUrl = row.SourceUrl,
                },
                Names.Require<UploadStatus>(row.Status), row.MultipartId, row.CreatedByKind, row.CreatedBy, row.Version)
            : null;

    /// <summary>What is said of it: of a form, only once its bytes are there.</summary>
    private static string TextsOf(NewUpload upload) => JsonSerializer.Serialize(upload.Texts, RowJson.Default.AssetTexts);

    private sealed record ConflictRow(string Format, long SizeBytes, byte[] Sha256, string ErrorCode);

    private sealed record Row(
        Guid Id, string Kind, string Status, string FileName, string? DeclaredMimeType, long? DeclaredSize, byte[]? DeclaredSha256, long? PartBytes, string? MultipartId,
        string OnTrashed, AssetTexts Texts, string? SourceUrl, string StorageProvider, string StorageKey, DateTimeOffset ExpiresAt, string CreatedByKind, Guid? CreatedBy,
        int Version);
}
