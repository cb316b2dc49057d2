using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Infrastructure.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaPlatform.Infrastructure.Access;

/// <summary>What a sign-in writes: the identity at first sight, invitations that are taken up, an email that has changed. The user is the actor.</summary>
internal sealed class SigningIn(NpgsqlConnection connection, TimeProvider time, ILogger logger)
{
    private const string SetActor = """
        select
            set_config('mediaplatform.actor_kind', 'user', true),
            set_config('mediaplatform.actor_id', @UserId::uuid::text, true),
            set_config('mediaplatform.request_id', @RequestId, true)
        """;

    private const string SelectByIdentity = """
        select users.id, users.email
        from user_identities identity
        join users on users.id = identity.user_id
        where identity.issuer = @Issuer and identity.subject = @Subject
        """;

    private const string SelectByEmail = """
        select id, exists (select from user_identities identity where identity.user_id = users.id) as is_known
        from users
        where email = @Email
        for no key update
        """;

    // Either constraint may say no: the subject has a user since a moment ago, or the user has another subject at this issuer.
    private const string InsertIdentity = """
        insert into user_identities (id, user_id, issuer, subject, created_at)
        values (@Id, @UserId, @Issuer, @Subject, @Now)
        on conflict do nothing
        """;

    private const string UpdateVerified = """
        update users
        set email_verified = true, updated_at = @Now, version = version + 1
        where id = @UserId and not email_verified
        """;

    private const string UpdateEmail = """
        update users
        set email = @Email, email_verified = true, updated_at = @Now, version = version + 1
        where id = @UserId
        """;

    private const string TakeOverMembers = """
        update members
        set user_id = @UserId, updated_at = @Now, version = version + 1
        where user_id = @Other and not exists (select from members mine where mine.client_id = members.client_id and mine.user_id = @UserId)
        """;

    private const string DeleteMembers = """
        delete from members
        where user_id = @Other
        """;

    private const string DeleteUser = """
        delete from users
        where id = @Other
        """;

    private const string UpdateInvited = """
        update members
        set status = 'active', updated_at = @Now, version = version + 1
        where user_id = @UserId and status = 'invited'
        """;

    private readonly DateTimeOffset now = time.GetUtcNow();

    public async Task SignIn(Identity identity, string requestId)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            if (await Know(identity, requestId) is not { } user) return;

            if (identity.VerifiedEmail is { } email && email != user.Email) await ChangeEmail(user.Id, email);
            await connection.ExecuteAsync(UpdateInvited, new { UserId = user.Id, Now = now });
            await transaction.CommitAsync();
        }
        catch (PostgresException exception) when (
            exception.IsViolationOf("users_email_unique") || exception.IsViolationOf("members_one_per_user") || exception.IsViolationOf("members_user_id_fkey"))
        {
            logger.LogInformation("A sign-in met an invitation to the same email; the next one settles it");
        }
    }

    /// <summary>The user of an identity, connected by the verified email where it is new; null when nobody is meant.</summary>
    private async Task<User?> Know(Identity identity, string requestId)
    {
        if (await Find(identity) is { } known)
        {
            await Act(known.Id, requestId);
            return known;
        }

        if (identity.VerifiedEmail is null) return null;
        if (await connection.QuerySingleOrDefaultAsync<Owner>(SelectByEmail, new { Email = identity.VerifiedEmail }) is not { } user) return null;

        await Act(user.Id, requestId);
        var added = await connection.ExecuteAsync(InsertIdentity, new { Id = Guid.CreateVersion7(), UserId = user.Id, identity.Issuer, identity.Subject, Now = now });
        if (added == 0 && await Find(identity) is null)
        {
            logger.LogWarning("User {UserId} comes under another subject of {Issuer} than before, by the same email, and is not let in", user.Id, identity.Issuer);
            return null;
        }

        await connection.ExecuteAsync(UpdateVerified, new { UserId = user.Id, Now = now });
        return new User(user.Id, identity.VerifiedEmail);
    }

    /// <summary>The new email may be one that somebody was invited by, which is this person. One that another signs in with stays the other's.</summary>
    private async Task ChangeEmail(Guid userId, string email)
    {
        if (await connection.QuerySingleOrDefaultAsync<Owner>(SelectByEmail, new { Email = email }) is { } other)
        {
            if (other.IsKnown)
            {
                logger.LogWarning("User {UserId} has an email now by which user {Other} signs in; it is not taken over", userId, other.Id);
                return;
            }

            await connection.ExecuteAsync(TakeOverMembers, new { UserId = userId, Other = other.Id, Now = now });
            await connection.ExecuteAsync(DeleteMembers, new { Other = other.Id });
            await connection.ExecuteAsync(DeleteUser, new { Other = other.Id });
        }

        await connection.ExecuteAsync(UpdateEmail, new { UserId = userId, Email = email, Now = now });
    }

    private Task<User?> Find(Identity identity) => connection.QuerySingleOrDefaultAsync<User>(SelectByIdentity, new { identity.Issuer, identity.Subject });

    private Task<int> Act(Guid userId, string requestId) => connection.ExecuteAsync(SetActor, new { UserId = userId, RequestId = requestId });

    private sealed record User(Guid Id, string Email);

    private sealed record Owner(Guid Id, bool IsKnown);
}
