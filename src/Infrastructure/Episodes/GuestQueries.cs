using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Episodes;

internal sealed class GuestQueries(DbSession db) : IQueryHandler<ListGuestSessions, GuestSessionDetails[]>, IQueryHandler<GetGuestSession, GuestSessionDetails>
{
    private const string SelectTrashedGuest = "select deleted_at from guests where client_id = @ClientId and id = @Id";

    private const string SelectSessions = """
        select id, guest_id, prefix, created_at, created_by_kind, created_by, expires_at, revoked_at, last_used_at, version
        from guest_sessions
        where client_id = @ClientId and guest_id = @GuestId and (@Id::uuid is null or id = @Id)
        order by created_at desc, id desc
        limit 200
        """;

    public async Task<Result<GuestSessionDetails[]>> Handle(ListGuestSessions query, CancellationToken cancellationToken)
    {
        var guest = await db.Find<Trashed>(SelectTrashedGuest, new { db.ClientId, Id = query.GuestId }, cancellationToken);
        if (guest is null) return new RecordNotFound(EpisodeKinds.Guest, query.GuestId);
        if (RecordState.Hidden(EpisodeKinds.Guest, query.GuestId, guest.DeletedAt, db.Caller.Role) is { } hidden) return hidden;
        return (await db.List<GuestSessionDetails>(SelectSessions, new { db.ClientId, query.GuestId, Id = (Guid?)null }, cancellationToken)).ToArray();
    }

    public async Task<Result<GuestSessionDetails>> Handle(GetGuestSession query, CancellationToken cancellationToken) =>
        await db.Find<GuestSessionDetails>(SelectSessions, new { db.ClientId, query.GuestId, Id = (Guid?)query.Id }, cancellationToken) is { } found
            ? found
            : new GuestSessionNotFound(query.Id);

    private sealed record Trashed(DateTimeOffset? DeletedAt);
}
