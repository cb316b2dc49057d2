using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using Npgsql;

namespace MediaPlatform.Infrastructure.Access;

/// <summary>Looks keys up by the hash of their secret, and remembers each answer, also "nobody", for a second.</summary>
internal sealed class Keyring(NpgsqlDataSource source, TimeProvider time) : IKeyring
{
    private const int MaxRemembered = 10_000;

    // two branches, since each has its index
    private const string SelectHolder = """
        select key.client_id, key.id, key.role, key.last_used_at, client.deleted_at is not null as client_is_deleted
        from (
            select client_id, id, role, last_used_at, revoked_at, expires_at
            from api_keys
            where secret_hash = @Hash
            union all
            select client_id, id, role, last_used_at, revoked_at, expires_at
            from api_keys
            where previous_secret_hash = @Hash and previous_until > @Now
        ) key
        join clients client on client.id = key.client_id
        where key.revoked_at is null and (key.expires_at is null or key.expires_at > @Now)
        """;

    // a machine column: once a minute is enough, and it is not in the change log
    private const string MarkUsed = """
        update api_keys
        set last_used_at = @Now
        where client_id = @ClientId and id = @Id and (last_used_at is null or last_used_at < @Now::timestamptz - interval '1 minute')
        """;

    private readonly ShortMemory<string, KeyHolder> memory = new(time, MaxRemembered);

    public Guid? IdOf(string secret) => memory.Last(secret)?.KeyId;

    public ValueTask<KeyHolder?> Find(string secret, CancellationToken cancellationToken) =>
        ApiKeySecret.IsShaped(secret) ? memory.Get(secret, LookUp, cancellationToken) : default;

    private async Task<KeyHolder?> LookUp(string secret)
    {
        var now = time.GetUtcNow();
        await using var connection = await source.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<Row>(SelectHolder, new { Hash = ApiKeySecret.HashOf(secret), Now = now });
        if (row is null) return null;

        if (row.LastUsedAt is null || now - row.LastUsedAt > TimeSpan.FromMinutes(1)) await connection.ExecuteAsync(MarkUsed, new { row.ClientId, row.Id, Now = now });
        return new KeyHolder(row.ClientId, row.Id, Names.Require<Role>(row.Role), row.ClientIsDeleted);
    }

    private sealed record Row(Guid ClientId, Guid Id, string Role, DateTimeOffset? LastUsedAt, bool ClientIsDeleted);
}
