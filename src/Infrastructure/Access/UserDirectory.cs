using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaPlatform.Infrastructure.Access;

/// <summary>Looks users up by who says who they are, and remembers each answer, also "nobody", for a second.</summary>
internal sealed class UserDirectory(NpgsqlDataSource source, TimeProvider time, ILogger<UserDirectory> logger) : IUserDirectory
{
    private const int MaxRemembered = 10_000;

    private const string SelectUser = """
        select users.id, users.email, member.client_id, member.role, member.permissions::text, member.status, client.deleted_at is not null as client_is_deleted,
            (select other.id from users other
             where other.email = @VerifiedEmail and other.id <> users.id and exists (select from user_identities known where known.user_id = other.id)) as email_owner
        from user_identities identity
        join users on users.id = identity.user_id
        left join members member on member.user_id = users.id and member.status in ('active', 'invited')
        left join clients client on client.id = member.client_id
        where identity.issuer = @Issuer and identity.subject = @Subject
        """;

    private readonly ShortMemory<Identity, SignedInUser> memory = new(time, MaxRemembered);

    public ValueTask<SignedInUser?> Find(Identity identity, string requestId, CancellationToken cancellationToken) =>
        memory.Get(identity, asked => LookUp(asked, requestId), cancellationToken);

    private async Task<SignedInUser?> LookUp(Identity identity, string requestId)
    {
        await using var connection = await source.OpenConnectionAsync();
        var rows = await Select(connection, identity);
        if (IsNews(rows, identity))
        {
            await new SigningIn(connection, time, logger).SignIn(identity, requestId);
            rows = await Select(connection, identity);
        }

        if (rows.Count == 0) return null;
        var memberships = from row in rows
                          where row.Status == "active"
                          select new ActiveMembership(row.ClientId!.Value, new(Names.Require<Role>(row.Role!), Permissions.Read(row.Permissions!)), row.ClientIsDeleted);
        return new SignedInUser(rows[0].Id, rows[0].Email, [.. memberships]);
    }

    /// <summary>Whether this sign-in changes anything: somebody new, an invitation, another email than the last time that nobody else signs in with.</summary>
    private bool IsNews(List<Row> rows, Identity identity)
    {
        if (rows.Count == 0) return identity.VerifiedEmail is not null;
        if (rows.Exists(row => row.Status == "invited")) return true;
        if (identity.VerifiedEmail is not { } email || email == rows[0].Email) return false;
        if (rows[0].EmailOwner is not { } other) return true;

        logger.LogWarning("User {UserId} has an email now by which user {Other} signs in; it is not taken over", rows[0].Id, other);
        return false;
    }

    private static async Task<List<Row>> Select(NpgsqlConnection connection, Identity identity) =>
        (await connection.QueryAsync<Row>(SelectUser, new { identity.Issuer, identity.Subject, identity.VerifiedEmail })).AsList();

    private sealed record Row(Guid Id, string Email, Guid? ClientId, string? Role, string? Permissions, string? Status, bool ClientIsDeleted, Guid? EmailOwner);
}
