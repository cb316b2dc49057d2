using MediaPlatform.Application.Access;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

internal sealed class Guests(DbSession db, TimeProvider time) : IGuests
{
    private const string SelectMember = """
        select member.user_id
        from members member
        join users on users.id = member.user_id
        where member.client_id = @ClientId and (member.user_id = @UserId or (@UserId::uuid is null and users.email = @Email)) and member.status <> 'suspended'
        for share of member
        """;

    private const string InsertSession = """
        insert into guest_sessions (client_id, id, guest_id, prefix, token_hash, created_at, created_by_kind, created_by, updated_at, expires_at)
        values (@ClientId, @Id, @GuestId, @Prefix, @Hash, @Now, @ActorKind, @ActorId, @Now, @ExpiresAt)
        """;

    private const string SelectSession = """
        select id, guest_id, expires_at, revoked_at, version
        from guest_sessions
        where client_id = @ClientId and guest_id = @GuestId and id = @Id
        for update
        """;

    private const string UpdateRevoked = """
        update guest_sessions
        set revoked_at = @RevokedAt, updated_at = @RevokedAt, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateAllRevoked = """
        update guest_sessions
        set revoked_at = @Now, updated_at = @Now, version = version + 1
        where client_id = @ClientId and guest_id = @GuestId and revoked_at is null
        """;

    // What is in the trash may come back, and is erased as well. A clip that only names somebody stays where that may be another guest.
    private const string EraseClips = """
        update clips
        set guest_name = @ErasedName, guest_id = @GuestId, updated_at = @At, version = version + 1
        where client_id = @ClientId and (
            guest_id = @GuestId
            or (
                guest_id is null and guest_name is not null and lower(guest_name) = lower(@Name)
                and not exists (
                    select from guests other
                    where other.client_id = @ClientId and lower(other.name) = lower(@Name) and other.deleted_at is null and other.erased_at is null and other.id <> @GuestId)))
        """;

    private const string EraseInfo = """
        update episodes
        set guest_info = '{}', updated_at = @At, version = version + 1
        where client_id = @ClientId and lower(guest_info ->> 'name') = lower(@Name) and id in (
            select episode_id from episode_guests where client_id = @ClientId and guest_id = @GuestId
            union
            select episode_id from clips where client_id = @ClientId and guest_id = @GuestId)
        """;

    // Who wears what is a name as well, unless another guest has it.
    private const string EraseWearers = """
        with one as (
            select lower(@Name) as name
            where not exists (
                select from guests other
                where other.client_id = @ClientId and lower(other.name) = lower(@Name) and other.deleted_at is null and other.erased_at is null and other.id <> @GuestId)
        ), worn as (
            update episode_outfits
            set worn_by = @ErasedName
            where client_id = @ClientId and lower(worn_by) = (select name from one)
        )
        update outfits
        set worn_by = @ErasedName, updated_at = @At, version = version + 1
        where client_id = @ClientId and lower(worn_by) = (select name from one)
        """;

    private const string EraseRoles = """
        update episode_guests
        set role = null, updated_at = @At, version = version + 1
        where client_id = @ClientId and guest_id = @GuestId and role is not null
        """;

    private const string EraseReason = """
        update guests
        set deleted_reason = null
        where client_id = @ClientId and id = @GuestId and deleted_reason is not null
        """;

    private const string DeleteSessions = """
        delete from guest_sessions
        where client_id = @ClientId and guest_id = @GuestId
        """;

    private const string DeleteExpired = """
        delete from guest_sessions
        where client_id = @ClientId and id in (
            select id
            from guest_sessions
            where client_id = @ClientId and expires_at < @Now
            order by expires_at
            limit @Limit
            for update skip locked
        )
        """;

    public Task<Guid?> FindMember(Guid? userId, string? email, CancellationToken cancellationToken) =>
        db.Find<Guid?>(SelectMember, new { db.ClientId, UserId = userId, Email = email }, cancellationToken);

    public Task AddSession(GuestSession session, GuestToken token, CancellationToken cancellationToken) => db.Execute(
        InsertSession,
        new
        {
            db.ClientId, session.Id, session.GuestId, token.Prefix, token.Hash, Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId, session.ExpiresAt,
        },
        cancellationToken);

    public async Task<GuestSession?> FindSessionForUpdate(Guid guestId, Guid id, CancellationToken cancellationToken) =>
        await db.Find<Row>(SelectSession, new { db.ClientId, GuestId = guestId, Id = id }, cancellationToken) is { } row
            ? new GuestSession(row.Id, row.GuestId, row.ExpiresAt, row.RevokedAt, row.Version)
            : null;

    public Task SaveRevoked(GuestSession session, CancellationToken cancellationToken) =>
        db.Execute(UpdateRevoked, new { db.ClientId, session.Id, session.RevokedAt }, cancellationToken);

    public Task RevokeSessions(Guid guestId, CancellationToken cancellationToken) =>
        db.Execute(UpdateAllRevoked, new { db.ClientId, GuestId = guestId, Now = time.GetUtcNow() }, cancellationToken);

    public async Task<ErasedGuest> Erase(Guid guestId, string name, DateTimeOffset at, string? reason, CancellationToken cancellationToken)
    {
        var erased = new { db.ClientId, GuestId = guestId, Name = name, Guest.ErasedName, At = at };
        var taken = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["clips"] = await db.Execute(EraseClips, erased, cancellationToken),
            ["episodes"] = await db.Execute(EraseRoles, erased, cancellationToken),
            ["sessions"] = await db.Execute(DeleteSessions, erased, cancellationToken),
            ["outfits"] = await db.Execute(EraseWearers, erased, cancellationToken),
            ["guest_info"] = await db.Execute(EraseInfo, erased, cancellationToken), // also where clips alone lead to, which name the guest by now
        };

        await db.Execute(EraseReason, erased, cancellationToken);
        var receipt = Guid.CreateVersion7();
        await db.WriteReceipt(receipt, EpisodeKinds.Guest.Entity, guestId, reason, taken, at, cancellationToken);
        return new ErasedGuest(guestId, receipt, at, taken);
    }

    public Task<int> ForgetSessions(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        db.Execute(DeleteExpired, new { db.ClientId, Now = now, Limit = limit }, cancellationToken);

    private sealed record Row(Guid Id, Guid GuestId, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, int Version);
}
