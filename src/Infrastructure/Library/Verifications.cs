using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Library;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class Verifications(DbSession db, TimeProvider time) : IVerifications, IJobSubject
{
    private const string TakeTurn = "select pg_advisory_xact_lock(hashtextextended('mediaplatform.stored_objects.' || @ClientId::uuid, 0))";

    private const string SelectLive = """
        select exists (
            select from jobs
            where client_id = @ClientId and type = any(@Types) and status in ('queued', 'running'))
        """;

    private const string SelectIsBehind = """
        select exists (
            select from jobs other
            join jobs mine on mine.client_id = other.client_id and mine.id = @Id
            where other.client_id = @ClientId and other.type = any(@Types) and other.status = 'running' and (other.started_at, other.id) < (mine.started_at, mine.id))
        """;

    private const string Insert = """
        insert into library_verifications (client_id, id, checksums, quarantine, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Id, @Checksums, @Quarantine, @Now, @ActorKind, @ActorId, @Now)
        """;

    private const string UpdateBegun = """
        update library_verifications
        set objects = 0, bytes = 0, unseen = 0, reprocessed = 0, updated_at = @Now
        where client_id = @ClientId and id = @Id and status = 'running'
        returning checksums, quarantine
        """;

    // What it found is counted rather than added up: an attempt that begins anew finds the same again.
    private const string UpdateFigures = """
        update library_verifications verification
        set objects = @Objects, bytes = @Bytes, unseen = @Unseen, reprocessed = greatest(reprocessed, @Reprocessed), missing = found.missing, orphaned = found.orphaned, corrupted = found.corrupted,
            quarantined = found.quarantined, cleared = found.cleared, deleted = found.deleted, updated_at = @Now
        from (
            select count(*) filter (where kind = 'missing' and status = 'reported') as missing,
                count(*) filter (where kind = 'orphaned' and status in ('reported', 'quarantined')) as orphaned,
                count(*) filter (where kind = 'corrupted' and status = 'reported') as corrupted,
                count(*) filter (where status = 'quarantined') as quarantined,
                count(*) filter (where status = 'cleared') as cleared,
                count(*) filter (where status = 'deleted') as deleted
            from library_findings
            where client_id = @ClientId and verification_id = @Id
        ) found
        where verification.client_id = @ClientId and verification.id = @Id
        """;

    // A rendition is stored before its row says how long it is; while a job makes one, nothing is said of it.
    private const string InsertMissing = """
        insert into library_findings (client_id, id, verification_id, kind, storage_provider, storage_key, asset_id, size_bytes, status, found_at, updated_at)
        select @ClientId, found.id, @VerificationId, 'missing', @Provider, found.storage_key, found.asset_id, found.size_bytes, 'reported', @Now, @Now
        from unnest(@Ids::uuid[], @AssetIds::uuid[], @Keys::text[], @Sizes::bigint[]) as found (id, asset_id, storage_key, size_bytes)
        where exists (
                select from media_assets asset
                where asset.client_id = @ClientId and asset.id = found.asset_id and (asset.storage_provider, asset.storage_key, asset.size_bytes) = (@Provider, found.storage_key, found.size_bytes))
            or (
                exists (
                    select from media_variants variant
                    where variant.client_id = @ClientId and variant.asset_id = found.asset_id and (variant.storage_provider, variant.storage_key, variant.size_bytes) = (@Provider, found.storage_key, found.size_bytes))
                and not exists (select from jobs where client_id = @ClientId and subject_id = found.asset_id and status in ('queued', 'running'))
            )
        on conflict (client_id, storage_provider, storage_key, kind) where status in ('reported', 'quarantined') do update
        set verification_id = excluded.verification_id, asset_id = excluded.asset_id, size_bytes = excluded.size_bytes, updated_at = excluded.updated_at
        returning asset_id, storage_key
        """;

    private const string InsertCorrupted = """
        insert into library_findings (client_id, id, verification_id, kind, storage_provider, storage_key, asset_id, size_bytes, status, found_at, updated_at)
        select @ClientId, @Id, @VerificationId, 'corrupted', @Provider, @StorageKey, id, size_bytes, 'reported', @Now, @Now
        from media_assets
        where client_id = @ClientId and id = @AssetId and storage_provider = @Provider and storage_key = @StorageKey
        on conflict (client_id, storage_provider, storage_key, kind) where status in ('reported', 'quarantined') do update
        set verification_id = excluded.verification_id, updated_at = excluded.updated_at
        """;

    private const string SelectUnknown = """
        select found.storage_key
        from unnest(@Uploads::uuid[], @Keys::text[]) as found (upload_id, storage_key)
        where not library_object_is_known(@ClientId, @Provider, found.storage_key, found.upload_id, @TakesNew)
        """;

    private const string InsertOrphaned = """
        insert into library_findings (client_id, id, verification_id, kind, storage_provider, storage_key, size_bytes, status, found_at, quarantined_at, delete_after, updated_at)
        select @ClientId, found.id, @VerificationId, 'orphaned', @Provider, found.storage_key, found.size_bytes, case when @DeleteAfter::timestamptz is null then 'reported' else 'quarantined' end, @Now,
            case when @DeleteAfter::timestamptz is not null then @Now end, @DeleteAfter, @Now
        from unnest(@Ids::uuid[], @Uploads::uuid[], @Keys::text[], @Sizes::bigint[]) as found (id, upload_id, storage_key, size_bytes)
        where not library_object_is_known(@ClientId, @Provider, found.storage_key, found.upload_id, @TakesNew)
        on conflict (client_id, storage_provider, storage_key, kind) where status in ('reported', 'quarantined') do update
        set verification_id = excluded.verification_id, size_bytes = excluded.size_bytes, updated_at = excluded.updated_at,
            status = case when library_findings.status = 'quarantined' then 'quarantined' else excluded.status end,
            quarantined_at = coalesce(library_findings.quarantined_at, excluded.quarantined_at), delete_after = coalesce(library_findings.delete_after, excluded.delete_after)
        """;

    private const string SelectDue = """
        select id, storage_provider, storage_key
        from library_findings
        where client_id = @ClientId and status = 'quarantined' and delete_after <= @Now and storage_provider = any(@Providers)
        order by delete_after, id
        limit @AtMost
        """;

    // Looked at where it is let go, in one statement.
    private const string SettleOne = """
        with settled as (
            update library_findings
            set status = case when @IsGone or library_object_is_known(@ClientId, storage_provider, storage_key, @Upload, @TakesNew) then 'cleared' else 'deleted' end,
                verification_id = @VerificationId, updated_at = @Now
            where client_id = @ClientId and id = @Id and status = 'quarantined' and delete_after <= @Now
            returning storage_provider, storage_key, status
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        select @ClientId, storage_provider, storage_key, 'orphaned'
        from settled
        where status = 'deleted'
        """;

    private const string ClearUnseen = """
        update library_findings finding
        set status = 'cleared', verification_id = @Id, updated_at = @Now
        from library_verifications verification
        where finding.client_id = @ClientId and finding.status in ('reported', 'quarantined') and finding.verification_id <> @Id and finding.storage_provider = any(@Providers)
            and verification.client_id = @ClientId and verification.id = @Id and (finding.kind <> 'corrupted' or verification.checksums)
        """;

    private const string UpdateDone = """
        update library_verifications
        set status = 'done', finished_at = @Now, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateFailed = """
        update library_verifications
        set status = 'failed', error_code = @Code, error_message = @Message, finished_at = @Now, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id and status = 'running'
        """;

    private const string UpdateResumed = """
        update library_verifications
        set status = 'running', error_code = null, error_message = null, finished_at = null, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id and status = 'failed'
        """;

    private static readonly string[] Types = [JobType.LibraryVerify.Name, JobType.LibraryRebase.Name];

    public string SubjectType => VerifyStored.SubjectType;

    public Task Lock(CancellationToken cancellationToken) => db.Execute(TakeTurn, new { db.ClientId }, cancellationToken);

    public Task<bool> IsLive(CancellationToken cancellationToken) => db.Single<bool>(SelectLive, new { db.ClientId, Types }, cancellationToken);

    public Task<bool> IsBehindAnother(Guid job, CancellationToken cancellationToken) => db.Single<bool>(SelectIsBehind, new { db.ClientId, Id = job, Types }, cancellationToken);

    public Task Add(Guid id, bool checksums, bool quarantine, CancellationToken cancellationToken) => db.Execute(
        Insert, new { db.ClientId, Id = id, Checksums = checksums, Quarantine = quarantine, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() }, cancellationToken);

    public Task<VerificationRequest?> Begin(Guid id, CancellationToken cancellationToken) => db.Find<VerificationRequest>(UpdateBegun, new { db.ClientId, Id = id, Now = time.GetUtcNow() }, cancellationToken);

    public Task Save(Guid id, Looked looked, CancellationToken cancellationToken) =>
        db.Execute(UpdateFigures, new { db.ClientId, Id = id, looked.Objects, looked.Bytes, looked.Unseen, looked.Reprocessed, Now = time.GetUtcNow() }, cancellationToken);

    public Task<IReadOnlyList<MissingObject>> ReportMissing(Guid id, string provider, IReadOnlyList<KnownObject> objects, CancellationToken cancellationToken) => db.List<MissingObject>(
        InsertMissing,
        new
        {
            db.ClientId, VerificationId = id, Provider = provider, Ids = NewIds(objects.Count), AssetIds = objects.Select(one => one.AssetId).ToArray(), Keys = objects.Select(one => one.StorageKey).ToArray(),
            Sizes = objects.Select(one => one.SizeBytes).ToArray(), Now = time.GetUtcNow(),
        },
        cancellationToken);

    public Task ReportCorrupted(Guid id, string provider, KnownObject one, CancellationToken cancellationToken) => db.Execute(
        InsertCorrupted, new { db.ClientId, Id = Guid.CreateVersion7(), VerificationId = id, Provider = provider, one.StorageKey, one.AssetId, Now = time.GetUtcNow() }, cancellationToken);

    public Task<IReadOnlyList<string>> Unknown(string provider, bool takesNew, IReadOnlyList<StoredObject> objects, CancellationToken cancellationToken) => db.List<string>(
        SelectUnknown,
        new { db.ClientId, Provider = provider, TakesNew = takesNew, Uploads = objects.Select(one => UploadOf(one.Key)).ToArray(), Keys = objects.Select(one => one.Key).ToArray() }, cancellationToken);

    public Task ReportOrphaned(Guid id, string provider, bool takesNew, IReadOnlyList<StoredObject> objects, DateTimeOffset? deleteAfter, CancellationToken cancellationToken) => db.Execute(
        InsertOrphaned,
        new
        {
            db.ClientId, VerificationId = id, Provider = provider, TakesNew = takesNew, DeleteAfter = deleteAfter, Ids = NewIds(objects.Count), Uploads = objects.Select(one => UploadOf(one.Key)).ToArray(),
            Keys = objects.Select(one => one.Key).ToArray(), Sizes = objects.Select(one => one.SizeBytes).ToArray(), Now = time.GetUtcNow(),
        },
        cancellationToken);

    public Task<IReadOnlyList<QuarantinedObject>> Due(IReadOnlyList<string> providers, int atMost, CancellationToken cancellationToken) =>
        db.List<QuarantinedObject>(SelectDue, new { db.ClientId, Providers = providers.ToArray(), AtMost = atMost, Now = time.GetUtcNow() }, cancellationToken);

    public Task Settle(Guid id, QuarantinedObject one, bool takesNew, bool isGone, CancellationToken cancellationToken) => db.Execute(
        SettleOne, new { db.ClientId, VerificationId = id, one.Id, Upload = UploadOf(one.StorageKey), TakesNew = takesNew, IsGone = isGone, Now = time.GetUtcNow() }, cancellationToken);

    public async Task Finish(Guid id, Looked looked, IReadOnlyList<string> providers, CancellationToken cancellationToken)
    {
        await db.Execute(ClearUnseen, new { db.ClientId, Id = id, Providers = providers.ToArray(), Now = time.GetUtcNow() }, cancellationToken);
        await Save(id, looked, cancellationToken);
        await db.Execute(UpdateDone, new { db.ClientId, Id = id, Now = time.GetUtcNow() }, cancellationToken);
    }

    public Task GivenUp(Guid subjectId, JobError error, CancellationToken cancellationToken) =>
        db.Execute(UpdateFailed, new { db.ClientId, Id = subjectId, error.Code, error.Message, Now = time.GetUtcNow() }, cancellationToken);

    public Task Left(Guid subjectId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task Resumed(Guid subjectId, CancellationToken cancellationToken) => db.Execute(UpdateResumed, new { db.ClientId, Id = subjectId, Now = time.GetUtcNow() }, cancellationToken);

    private Guid UploadOf(string key) => StorageKeys.UploadOf(db.ClientId, key) ?? throw new InvalidOperationException("Only what lies in a client's own folder is nobody's.");

    private static Guid[] NewIds(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];
}
