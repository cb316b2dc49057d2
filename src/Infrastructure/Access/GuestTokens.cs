using Dapper;
using MediaPlatform.Application.Access;
using Npgsql;

namespace MediaPlatform.Infrastructure.Access;

internal sealed class GuestTokens(NpgsqlDataSource source, TimeProvider time) : IGuestTokens
{
    private const int MaxRemembered = 10_000;

    private const string SelectHolder = """
        select session.client_id, session.id as session_id, session.guest_id, client.deleted_at is not null as client_is_deleted
        from guest_sessions session
        join guests guest on guest.client_id = session.client_id and guest.id = session.guest_id
        join clients client on client.id = session.client_id
        where session.token_hash = @Hash and session.revoked_at is null and session.expires_at > @Now and guest.deleted_at is null
        """;

    // a machine column: once a minute is enough, and it is not in the change log
    private const string MarkUsed = """
        update guest_sessions
        set last_used_at = @Now
        where client_id = @ClientId and id = @SessionId and (last_used_at is null or last_used_at < @Now::timestamptz - interval '1 minute')
        """;

    private readonly ShortMemory<string, GuestHolder> memory = new(time, MaxRemembered);

    public Guid? IdOf(string token) => memory.Last(token)?.SessionId;

    public ValueTask<GuestHolder?> Find(string token, CancellationToken cancellationToken) => memory.Get(token, LookUp, cancellationToken);

    private async Task<GuestHolder?> LookUp(string token)
    {
        var now = time.GetUtcNow();
        await using var connection = await source.OpenConnectionAsync();
        var holder = await connection.QuerySingleOrDefaultAsync<GuestHolder>(SelectHolder, new { Hash = GuestToken.HashOf(token), Now = now });
        if (holder is not null) await connection.ExecuteAsync(MarkUsed, new { holder.ClientId, holder.SessionId, Now = now });
        return holder;
    }
}
