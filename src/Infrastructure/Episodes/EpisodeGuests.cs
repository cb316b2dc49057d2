using MediaPlatform.Application.Episodes;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Episodes;

internal sealed class EpisodeGuests(DbSession db, TimeProvider time) : IEpisodeGuests
{
    private const string SelectVersion = """
        select version
        from episode_guests
        where client_id = @ClientId and episode_id = @EpisodeId and guest_id = @GuestId
        for update
        """;

    private const string Upsert = """
        insert into episode_guests as link (client_id, id, episode_id, guest_id, role, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Id, @EpisodeId, @GuestId, normalize(@Role), @Now, @ActorKind, @ActorId, @Now)
        on conflict on constraint episode_guests_once do update
        set role = excluded.role, updated_at = excluded.updated_at, version = link.version + 1
        where link.role is distinct from excluded.role
        returning id
        """;

    private const string Delete = """
        delete from episode_guests
        where client_id = @ClientId and episode_id = @EpisodeId and guest_id = @GuestId
        """;

    public async Task<long?> FindVersionForUpdate(Guid episodeId, Guid guestId, CancellationToken cancellationToken) =>
        await db.Find<int?>(SelectVersion, new { db.ClientId, EpisodeId = episodeId, GuestId = guestId }, cancellationToken);

    public async Task<bool> Save(Guid episodeId, Guid guestId, string? role, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var link = new { db.ClientId, Id = id, EpisodeId = episodeId, GuestId = guestId, Role = role, Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId };
        return await db.Find<Guid?>(Upsert, link, cancellationToken) == id;
    }

    public Task Remove(Guid episodeId, Guid guestId, CancellationToken cancellationToken) =>
        db.Execute(Delete, new { db.ClientId, EpisodeId = episodeId, GuestId = guestId }, cancellationToken);
}
