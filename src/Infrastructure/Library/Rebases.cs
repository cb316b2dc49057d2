using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Library;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class Rebases(DbSession db, TimeProvider time) : IRebases, IJobSubject
{
    private const string TakeTime = "select set_config('statement_timeout', '600000', true)";

    private const string Insert = """
        insert into library_rebases (client_id, id, from_provider, to_provider, checksums, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Id, @FromProvider, @ToProvider, @Checksums, @Now, @ActorKind, @ActorId, @Now)
        """;

    private const string SelectJob = """
        select id
        from jobs
        where client_id = @ClientId and subject_id = @Id and type = 'LIBRARY_REBASE'
        """;

    private const string DeleteObjects = """
        delete from library_rebase_objects
        where client_id = @ClientId and rebase_id = @Id
        """;

    private const string SelectRunning = """
        select from_provider, to_provider, checksums
        from library_rebases
        where client_id = @ClientId and id = @Id and status = 'running'
        for update
        """;

    private const string InsertObjects = """
        insert into library_rebase_objects (client_id, rebase_id, storage_key, asset_id, variant_id, made_at)
        select @ClientId, @Id, found.storage_key, found.asset_id, found.variant_id, found.made_at
        from unnest(@Keys::text[], @AssetIds::uuid[], @VariantIds::uuid[], @MadeAt::timestamptz[]) as found (storage_key, asset_id, variant_id, made_at)
        where not exists (
            select from object_deletions deletion
            where deletion.storage_key in (found.storage_key, regexp_replace(found.storage_key, '[^/]+$', '')) and deletion.storage_provider = @ToProvider)
        returning storage_key
        """;

    private const string SelectIsBeingDeleted = """
        select exists (
            select from library_rebase_objects found
            join object_deletions deletion on deletion.storage_key in (found.storage_key, regexp_replace(found.storage_key, '[^/]+$', '')) and deletion.storage_provider = @ToProvider
            where found.client_id = @ClientId and found.rebase_id = @Id)
        """;

    // Only what was found, and is what it was then.
    private const string Move = """
        with assets as (
            update media_assets asset
            set storage_provider = @ToProvider, updated_at = @Now
            from library_rebase_objects found
            where found.client_id = @ClientId and found.rebase_id = @Id and found.variant_id is null
                and asset.client_id = @ClientId and asset.id = found.asset_id and asset.storage_key = found.storage_key and asset.storage_provider = @FromProvider
            returning 1
        ), variants as (
            update media_variants variant
            set storage_provider = @ToProvider
            from library_rebase_objects found
            where found.client_id = @ClientId and found.rebase_id = @Id and variant.client_id = @ClientId and variant.id = found.variant_id
                and variant.storage_key = found.storage_key and variant.storage_provider = @FromProvider and variant.created_at = found.made_at
            returning 1
        )
        select (select count(*) from assets) + (select count(*) from variants)
        """;

    private const string UpdateClient = """
        update clients
        set library_root_version = library_root_version + 1, updated_at = @Now, version = version + 1
        where id = @ClientId
        """;

    private const string UpdateDone = """
        update library_rebases
        set status = 'done', moved = @Moved, finished_at = @Now, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateFailed = """
        update library_rebases
        set status = 'failed', error_code = @Code, error_message = @Message, finished_at = @Now, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id and status = 'running'
        """;

    private const string UpdateResumed = """
        update library_rebases
        set status = 'running', error_code = null, error_message = null, finished_at = null, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id and status = 'failed'
        """;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public string SubjectType => RebaseStored.SubjectType;

    public Task Add(Guid id, string from, string to, bool checksums, CancellationToken cancellationToken) => db.Execute(
        Insert, new { db.ClientId, Id = id, FromProvider = from, ToProvider = to, Checksums = checksums, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() }, cancellationToken);

    public Task<Guid> FindJob(Guid id, CancellationToken cancellationToken) => db.Single<Guid>(SelectJob, new { db.ClientId, Id = id }, cancellationToken);

    public async Task<RebaseRequest?> Begin(Guid id, CancellationToken cancellationToken)
    {
        await db.Find<string>(TakeTime, parameters: null, cancellationToken);
        await db.Execute(DeleteObjects, new { db.ClientId, Id = id }, cancellationToken);
        return await db.Find<RebaseRequest>(SelectRunning, new { db.ClientId, Id = id }, cancellationToken);
    }

    public Task<IReadOnlyList<string>> Keep(Guid id, string to, IReadOnlyList<KnownObject> found, CancellationToken cancellationToken) => db.List<string>(
        InsertObjects,
        new
        {
            db.ClientId, Id = id, ToProvider = to, Keys = found.Select(row => row.StorageKey).ToArray(), AssetIds = found.Select(row => row.AssetId).ToArray(),
            VariantIds = found.Select(row => row.VariantId).ToArray(), MadeAt = found.Select(row => row.CreatedAt).ToArray(),
        },
        cancellationToken);

    public async Task Commit(Guid id, RebaseRequest request, CancellationToken cancellationToken)
    {
        var parameters = new { db.ClientId, Id = id, request.FromProvider, request.ToProvider, Now = time.GetUtcNow() };
        await db.Find<string>(TakeTime, parameters: null, cancellationToken);
        if (await db.Find<bool>(SelectIsBeingDeleted, parameters, cancellationToken, Longest)) throw new OutageException(JobError.Of(new LibraryBusy())); // the attempt is made again, and finds it missing

        var moved = await db.Find<long>(Move, parameters, cancellationToken, Longest);
        await db.Execute(UpdateClient, parameters, cancellationToken);
        await db.Execute(UpdateDone, new { db.ClientId, Id = id, Moved = moved, Now = time.GetUtcNow() }, cancellationToken);
        await db.Execute(DeleteObjects, parameters, cancellationToken);
    }

    public async Task GivenUp(Guid subjectId, JobError error, CancellationToken cancellationToken)
    {
        await db.Execute(UpdateFailed, new { db.ClientId, Id = subjectId, error.Code, error.Message, Now = time.GetUtcNow() }, cancellationToken);
        await db.Execute(DeleteObjects, new { db.ClientId, Id = subjectId }, cancellationToken);
    }

    public Task Left(Guid subjectId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task Resumed(Guid subjectId, CancellationToken cancellationToken) => db.Execute(UpdateResumed, new { db.ClientId, Id = subjectId, Now = time.GetUtcNow() }, cancellationToken);
}
