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
        select users.id, users.email, member.client_id, member.role, member.permissions::text, member.status, client.deleted_at is not null as client_is_deleted
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

    /// <summary>Whether this sign-in changes anything: somebody new, an invitation, another email than the last time.</summary>
    private static bool IsNews(List<Row> rows, Identity identity) => rows.Count == 0
        ? identity.VerifiedEmail is not null
        : rows.Exists(row => row.Status == "invited") || (identity.VerifiedEmail is { } email && email != rows[0].Email);

    private static async Task<List<Row>> Select(NpgsqlConnection connection, Identity identity) =>
        (await connection.QueryAsync<Row>(SelectUser, new { identity.Issuer, identity.Subject })).AsList();

    private sealed record Row(Guid Id, string Email, Guid? ClientId, string? Role, string? Permissions, string? Status, bool ClientIsDeleted);
}
