using System.Collections.Concurrent;
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

    private const string SelectHolder = """
        select client_id, id, role, last_used_at
        from api_keys
        where secret_hash = @Hash and revoked_at is null and (expires_at is null or expires_at > @Now)
        """;

    // a machine column: once a minute is enough, and it is not in the change log
    private const string MarkUsed = """
        update api_keys
        set last_used_at = @Now
        where client_id = @ClientId and id = @Id and (last_used_at is null or last_used_at < @Now::timestamptz - interval '1 minute')
        """;

    private static readonly TimeSpan Remembers = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Remembered> remembered = new(StringComparer.Ordinal);

    public async ValueTask<KeyHolder?> Find(string secret, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (remembered.TryGetValue(secret, out var known) && now - known.At < Remembers) return known.Holder;

        if (remembered.Count >= MaxRemembered) remembered.Clear(); // a flood of guesses must not fill the memory
        var holder = await LookUp(secret, now, cancellationToken);
        remembered[secret] = new(holder, now);
        return holder;
    }

    private async Task<KeyHolder?> LookUp(string secret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(SelectHolder, new { Hash = ApiKeySecret.HashOf(secret), Now = now }, cancellationToken: cancellationToken));
        if (row is null) return null;

        if (row.LastUsedAt is null || now - row.LastUsedAt > TimeSpan.FromMinutes(1))
            await connection.ExecuteAsync(new CommandDefinition(MarkUsed, new { row.ClientId, row.Id, Now = now }, cancellationToken: cancellationToken));
        return new KeyHolder(row.ClientId, row.Id, Names.Require<Role>(row.Role));
    }

    private sealed record Remembered(KeyHolder? Holder, DateTimeOffset At);

    private sealed record Row(Guid ClientId, Guid Id, string Role, DateTimeOffset? LastUsedAt);
}
