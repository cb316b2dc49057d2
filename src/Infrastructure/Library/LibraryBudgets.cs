using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Library;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class LibraryBudgets(DbSession db, LibraryOptions options, TimeProvider time) : ILibraryBudget
{
    private const string Select = """
        select library_quota_bytes as quota,
            (
                coalesce((select sum(bytes) from library_usage where client_id = @ClientId), 0) + coalesce((select sum(bytes) from library_usage_changes where client_id = @ClientId), 0)
            )::bigint as used,
            coalesce((select sum(bytes) from library_reservations where client_id = @ClientId and expires_at > @Now), 0)::bigint as reserved,
            coalesce((select bytes from library_wanted where client_id = @ClientId), 0) as wanted
        from clients
        where id = @ClientId
        """;

    // Of those who ask at once each waits for the one before, or all would find the same room.
    private const string Lock = "select pg_advisory_xact_lock(hashtextextended(@ClientId::text, 2))";

    private const string DeleteExpired = """
        delete from library_reservations
        where client_id = @ClientId and expires_at <= @Now
        """;

    private const string SelectKept = """
        select coalesce((select bytes from library_reservations where client_id = @ClientId and id = @Id), 0)
        """;

    private const string Upsert = """
        insert into library_reservations (client_id, id, bytes, expires_at)
        values (@ClientId, @Id, @Bytes, @ExpiresAt)
        on conflict (client_id, id) do update set bytes = excluded.bytes, expires_at = excluded.expires_at
        """;

    private const string UpsertWanted = """
        insert into library_wanted (client_id, bytes)
        values (@ClientId, @Bytes)
        on conflict (client_id) do update set bytes = greatest(library_wanted.bytes, excluded.bytes)
        """;

    private const string DeleteWanted = """
        delete from library_wanted
        where client_id = @ClientId
        """;

    private const string Delete = """
        delete from library_reservations
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectIsKept = """
        select exists (select from library_reservations where client_id = @ClientId and id = @Id and expires_at > @Now)
        """;

    private const string FoldSome = "select fold_library_usage(@AtATime)";

    private const int AtATime = 10_000;

    public async Task Fold(CancellationToken cancellationToken)
    {
        while (await db.Single<int>(FoldSome, new { AtATime }, cancellationToken) == AtATime)
        {
        }
    }

    public Task<LibraryBudget> Find(CancellationToken cancellationToken) => db.Single<LibraryBudget>(Select, new { db.ClientId, Now = time.GetUtcNow() }, cancellationToken);

    public async Task<bool> Reserve(UploadId upload, long bytes, CancellationToken cancellationToken)
    {
        await db.Execute(Lock, new { db.ClientId }, cancellationToken);
        await db.Execute(DeleteExpired, new { db.ClientId, Now = time.GetUtcNow() }, cancellationToken);
        var kept = await db.Single<long>(SelectKept, new { db.ClientId, Id = upload.Value }, cancellationToken);
        if (!(await Find(cancellationToken)).Takes(bytes - kept))
        {
            await db.Execute(UpsertWanted, new { db.ClientId, Bytes = bytes - kept }, cancellationToken);
            return false;
        }

        await Keep(upload, bytes, cancellationToken);
        return true;
    }

    public Task KeepForVariants(UploadId upload, CancellationToken cancellationToken) => Keep(upload, LibraryBudget.ForVariants, cancellationToken);

    public Task Release(UploadId upload, CancellationToken cancellationToken) => db.Execute(Delete, new { db.ClientId, Id = upload.Value }, cancellationToken);

    public Task ForgetWanted(CancellationToken cancellationToken) => db.Execute(DeleteWanted, new { db.ClientId }, cancellationToken);

    public Task<bool> IsKept(UploadId upload, CancellationToken cancellationToken) => db.Single<bool>(SelectIsKept, new { db.ClientId, Id = upload.Value, Now = time.GetUtcNow() }, cancellationToken);

    private Task<int> Keep(UploadId upload, long bytes, CancellationToken cancellationToken) =>
        db.Execute(Upsert, new { db.ClientId, Id = upload.Value, Bytes = bytes, ExpiresAt = time.GetUtcNow() + options.ReservationLifetime }, cancellationToken);
}
