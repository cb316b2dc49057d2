using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Episodes;

internal sealed class GuestQueries(DbSession db)
    : IQueryHandler<ListEpisodeGuests, EpisodeGuestDetails[]>, IQueryHandler<GetEpisodeGuest, EpisodeGuestDetails>,
      IQueryHandler<ListGuestSessions, GuestSessionDetails[]>, IQueryHandler<GetGuestSession, GuestSessionDetails>
{
    private const string SelectTrashedEpisode = "select deleted_at from episodes where client_id = @ClientId and id = @Id";

    private const string SelectTrashedGuest = "select deleted_at from guests where client_id = @ClientId and id = @Id";

    private const string SelectLinked = """
        select link.guest_id, guest.name, coalesce(link.role, guest.role) as role, guest.bio_url, link.created_at, link.created_by, link.updated_at, link.version
        from episode_guests link
        join guests guest on guest.client_id = link.client_id and guest.id = link.guest_id
        where link.client_id = @ClientId and link.episode_id = @EpisodeId and guest.deleted_at is null and (@GuestId::uuid is null or link.guest_id = @GuestId)
        order by link.created_at, link.id
        limit 500
        """;

    private const string SelectSessions = """
        select id, guest_id, prefix, created_at, created_by_kind, created_by, expires_at, revoked_at, last_used_at, version
        from guest_sessions
        where client_id = @ClientId and guest_id = @GuestId and (@Id::uuid is null or id = @Id)
        order by created_at desc, id desc
        limit 200
        """;

    public async Task<Result<EpisodeGuestDetails[]>> Handle(ListEpisodeGuests query, CancellationToken cancellationToken)
    {
        if (await HiddenEpisode(query.EpisodeId, cancellationToken) is { } hidden) return hidden;
        return (await db.List<EpisodeGuestDetails>(SelectLinked, new { db.ClientId, query.EpisodeId, GuestId = (Guid?)null }, cancellationToken)).ToArray();
    }

    public async Task<Result<EpisodeGuestDetails>> Handle(GetEpisodeGuest query, CancellationToken cancellationToken)
    {
        if (await HiddenEpisode(query.EpisodeId, cancellationToken) is { } hidden) return hidden;
        return await db.Find<EpisodeGuestDetails>(SelectLinked, new { db.ClientId, query.EpisodeId, GuestId = (Guid?)query.GuestId }, cancellationToken) is { } found
            ? found
            : new EpisodeGuestNotFound(query.EpisodeId, query.GuestId);
    }

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

    private async Task<Error?> HiddenEpisode(Guid id, CancellationToken cancellationToken) =>
        await db.Find<Trashed>(SelectTrashedEpisode, new { db.ClientId, Id = id }, cancellationToken) is { } episode
            ? RecordState.Hidden(EpisodeKinds.Episode, id, episode.DeletedAt, db.Caller.Role)
            : new RecordNotFound(EpisodeKinds.Episode, id);

    private sealed record Trashed(DateTimeOffset? DeletedAt);
}
