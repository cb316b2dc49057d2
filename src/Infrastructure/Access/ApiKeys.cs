using MediaPlatform.Application.Access;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Access;

internal sealed class ApiKeys(DbSession db, TimeProvider time) : IApiKeys
{
    private const string Insert = """
        insert into api_keys (client_id, id, name, role, prefix, secret_hash, created_at, created_by_kind, created_by, updated_at, expires_at)
        values (@ClientId, @Id, normalize(@Name), @Role, @Prefix, @Hash, @Now, @ActorKind, @ActorId, @Now, @ExpiresAt)
        """;

    private const string SelectForUpdate = """
        select id, name, role, expires_at, revoked_at, version
        from api_keys
        where client_id = @ClientId and id = @Id
        for update
        """;

    private const string Update = """
        update api_keys
        set name = normalize(@Name), expires_at = @ExpiresAt, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateRevoked = """
        update api_keys
        set revoked_at = @RevokedAt, revoked_by_kind = @ActorKind, revoked_by = @ActorId, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateSecret = """
        update api_keys
        set previous_secret_hash = secret_hash, previous_until = @PreviousUntil, secret_hash = @Hash, prefix = @Prefix, rotated_at = @Now, updated_at = @Now,
            version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    public Task Add(ApiKey key, ApiKeySecret secret, CancellationToken cancellationToken) => db.Execute(
        Insert,
        new
        {
            db.ClientId, Id = key.Id.Value, key.Name, Role = Names.Of(key.Role), secret.Prefix, secret.Hash, ActorKind = db.Caller.KindName, db.Caller.ActorId,
            Now = time.GetUtcNow(), key.ExpiresAt,
        },
        cancellationToken);

    public async Task<ApiKey?> FindForUpdate(ApiKeyId id, CancellationToken cancellationToken) =>
        await db.Find<Row>(SelectForUpdate, new { db.ClientId, Id = id.Value }, cancellationToken) is { } row
            ? new ApiKey(new(row.Id), row.Name, Names.Require<Role>(row.Role), row.ExpiresAt, row.RevokedAt, row.Version)
            : null;

    public Task Save(ApiKey key, CancellationToken cancellationToken) => db.Execute(
        Update, new { db.ClientId, Id = key.Id.Value, key.Name, key.ExpiresAt, Now = time.GetUtcNow() }, cancellationToken);

    public Task Rotate(ApiKeyId id, ApiKeySecret secret, DateTimeOffset previousUntil, CancellationToken cancellationToken) => db.Execute(
        UpdateSecret, new { db.ClientId, Id = id.Value, secret.Hash, secret.Prefix, PreviousUntil = previousUntil, Now = time.GetUtcNow() }, cancellationToken);

    public Task Revoke(ApiKey key, CancellationToken cancellationToken) => db.Execute(
        UpdateRevoked, new { db.ClientId, Id = key.Id.Value, key.RevokedAt, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() }, cancellationToken);

    private sealed record Row(Guid Id, string Name, string Role, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, int Version);
}
