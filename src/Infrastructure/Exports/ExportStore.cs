using System.Text.Json;
using MediaPlatform.Application.Exports;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Exports;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Exports;

internal sealed class ExportStore(DbSession db, IMediaStores stores, TimeProvider time) : IExports, IJobSubject
{
    private const string Insert = """
        insert into exports (client_id, id, resource, format, request, fields, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Id, @Resource, @Format, @Request::jsonb, @Fields, @Now, @ActorKind, @ActorId, @Now)
        """;

    private const string SelectForUpdate = """
        select id, resource, created_by, version
        from exports
        where client_id = @ClientId and id = @Id
        for update
        """;

    private const string DeleteOne = """
        with gone as (
            delete from exports
            where client_id = @ClientId and id = @Id
            returning client_id, storage_provider, storage_key
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        select client_id, storage_provider, storage_key, 'export deleted'
        from gone
        where storage_key is not null
        """;

    private const string DeleteOld = """
        with due as (
            select client_id, id
            from exports
            where client_id = @ClientId and expires_at < @Now
            order by expires_at
            limit @Limit
            for update skip locked
        ), gone as (
            delete from exports
            using due
            where exports.client_id = due.client_id and exports.id = due.id
            returning exports.client_id, exports.storage_provider, exports.storage_key
        ), let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason)
            select client_id, storage_provider, storage_key, 'export expired'
            from gone
            where storage_key is not null
        )
        select count(*)::int
        from gone
        """;

    private const string UpdateBegun = """
        with before as (
            select client_id, id, storage_provider, storage_key
            from exports
            where client_id = @ClientId and id = @Id and status in ('queued', 'running')
            for update
        ), let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason)
            select client_id, storage_provider, storage_key, 'export tried again'
            from before
            where storage_key is not null
        )
        update exports
        set status = 'running', progress = 0, rows = 0, storage_provider = @Provider,
            storage_key = @Folder || @Attempt || '.' || format, updated_at = @Now
        from before
        where exports.client_id = before.client_id and exports.id = before.id
        returning exports.id, resource, format, request::text as request, fields, created_by_kind, created_by, exports.storage_provider, exports.storage_key
        """;

    private const string SelectRole = """
        select role
        from api_keys
        where @Kind = 'key' and client_id = @ClientId and id = @ActorId and revoked_at is null and (expires_at is null or expires_at > @Now)
        union all
        select coalesce(permissions ->> @Resource::text, role) -- "none" is no role
        from members
        where @Kind = 'user' and client_id = @ClientId and user_id = @ActorId and status = 'active'
        """;

    private const string UpdateProgress = """
        update exports
        set rows = @Rows, progress = @Progress, updated_at = @Now
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateReady = """
        update exports
        set status = 'ready', progress = 100, rows = @Rows, size_bytes = @SizeBytes, error_code = null, error_message = null, expires_at = @ExpiresAt, finished_at = @Now,
            updated_at = @Now
        where client_id = @ClientId and id = @Id and storage_key = @StorageKey and storage_provider = @StorageProvider
        """;

    private const string UpdateGivenUp = """
        with before as (
            select client_id, id, storage_provider, storage_key
            from exports
            where client_id = @ClientId and id = @Id
            for update
        ), let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason)
            select client_id, storage_provider, storage_key, 'export failed'
            from before
            where storage_key is not null
        )
        update exports
        set status = 'failed', error_code = @Code, error_message = @Message, storage_provider = null, storage_key = null, size_bytes = null, expires_at = @ExpiresAt,
            finished_at = @Now, updated_at = @Now
        from before
        where exports.client_id = before.client_id and exports.id = before.id
        """;

    private const string UpdateResumed = """
        update exports
        set status = 'queued', progress = 0, rows = 0, error_code = null, error_message = null, expires_at = null, finished_at = null, updated_at = @Now
        where client_id = @ClientId and id = @Id
        """;

    private const string InsertDeletion = """
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        select @ClientId, provider, @StorageKey, 'export gone'
        from unnest(@Providers::text[]) provider
        """;

    private RunningExport? begun;

    public string SubjectType => CreateExportHandler.Subject;

    public Task Add(ExportId id, string resource, ExportFormat format, ListRequest request, IReadOnlyList<string> fields, CancellationToken cancellationToken) => db.Execute(
        Insert,
        new
        {
            db.ClientId, Id = id.Value, Resource = resource, Format = Names.Of(format), Request = JsonSerializer.Serialize(request, RecordJson.Options), Fields = fields.ToArray(),
            ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(),
        },
        cancellationToken);

    public async Task<OwnedExport?> FindForUpdate(ExportId id, CancellationToken cancellationToken) =>
        await db.Find<OwnedRow>(SelectForUpdate, new { db.ClientId, Id = id.Value }, cancellationToken) is { } row ? new OwnedExport(new(row.Id), row.Resource, row.CreatedBy, row.Version) : null;

    public Task Delete(ExportId id, CancellationToken cancellationToken) => db.Execute(DeleteOne, new { db.ClientId, Id = id.Value }, cancellationToken);

    public async Task<RunningExport?> Begin(ExportId id, Guid attempt, string provider, CancellationToken cancellationToken)
    {
        var row = await db.Find<RunningRow>(
            UpdateBegun,
            new { db.ClientId, Id = id.Value, Provider = provider, Folder = ExportRules.Folder(db.ClientId, id), Attempt = attempt.ToString("n"), Now = time.GetUtcNow() },
            cancellationToken);
        return begun = row is null ? null : new RunningExport(
            id, row.Resource, Names.Require<ExportFormat>(row.Format), JsonSerializer.Deserialize<ListRequest>(row.Request, RecordJson.Options)!, row.Fields, row.CreatedByKind, row.CreatedBy,
            row.StorageProvider, row.StorageKey);
    }

    public async Task<Role?> RoleOf(RunningExport export, CancellationToken cancellationToken)
    {
        if (export is { CreatedByKind: "system", CreatedBy: null }) return Role.Owner; // an operator
        var role = await db.Find<string>(SelectRole, new { Kind = export.CreatedByKind, db.ClientId, ActorId = export.CreatedBy, export.Resource, Now = time.GetUtcNow() }, cancellationToken);
        return Names.Parse<Role>(role);
    }

    public async Task<bool> Report(ExportId id, int rows, int progress, CancellationToken cancellationToken) =>
        await db.Execute(UpdateProgress, new { db.ClientId, Id = id.Value, Rows = rows, Progress = progress, Now = time.GetUtcNow() }, cancellationToken) == 1;

    public async Task SaveReady(RunningExport export, int rows, long sizeBytes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var saved = await db.Execute(
            UpdateReady,
            new { db.ClientId, Id = export.Id.Value, Rows = rows, SizeBytes = sizeBytes, export.StorageKey, export.StorageProvider, ExpiresAt = now + ExportRules.Kept, Now = now },
            cancellationToken);
        if (saved == 0) await LetGo(export.StorageKey, [export.StorageProvider], cancellationToken);
    }

    public Task LetGo(ExportId id, CancellationToken cancellationToken) => LetGo(ExportRules.Folder(db.ClientId, id), AllProviders, cancellationToken);

    public Task<int> DeleteExpired(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        db.Single<int>(DeleteOld, new { db.ClientId, Now = now, Limit = limit }, cancellationToken);

    public async Task GivenUp(Guid subjectId, JobError error, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var updated = await db.Execute(UpdateGivenUp, new { db.ClientId, Id = subjectId, error.Code, error.Message, ExpiresAt = now + ExportRules.Kept, Now = now }, cancellationToken);
        if (updated == 0) await LetGo(ExportRules.Folder(db.ClientId, new(subjectId)), AllProviders, cancellationToken);
    }

    /// <summary>The attempt of this scope lost its job: its object is nobody's.</summary>
    public Task Left(Guid subjectId, CancellationToken cancellationToken) => begun is null
        ? Task.CompletedTask
        : LetGo(begun.StorageKey, [begun.StorageProvider], cancellationToken);

    public Task Resumed(Guid subjectId, CancellationToken cancellationToken) =>
        db.Execute(UpdateResumed, new { db.ClientId, Id = subjectId, Now = time.GetUtcNow() }, cancellationToken);

    private string[] AllProviders => [.. stores.All.Select(store => store.Provider)];

    private Task<int> LetGo(string key, string[] providers, CancellationToken cancellationToken) =>
        db.Execute(InsertDeletion, new { db.ClientId, StorageKey = key, Providers = providers }, cancellationToken);

    private sealed record OwnedRow(Guid Id, string Resource, Guid? CreatedBy, int Version);

    private sealed record RunningRow(
        Guid Id, string Resource, string Format, string Request, string[] Fields, string CreatedByKind, Guid? CreatedBy, string StorageProvider, string StorageKey);
}
