using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Who a token says that it is.</summary>
/// <param name="Issuer">Who says so.</param>
/// <param name="Subject">What the issuer calls the person, for ever.</param>
/// <param name="VerifiedEmail">In lower case. Null when there is none, or none that the issuer has verified: such a one never counts.</param>
public sealed record Identity(string Issuer, string Subject, string? VerifiedEmail);

/// <summary>Knows the people who sign in. Answers are kept for one second at most, so that who is suspended or removed is out within one.</summary>
public interface IUserDirectory
{
    /// <summary>
    /// The user with this identity. At first sight a verified email makes the connection to the user of that email, invitations become
    /// memberships, and an email that has changed at the issuer changes here. Null when nobody is known by either.
    /// </summary>
    /// <param name="requestId">For the change log.</param>
    ValueTask<SignedInUser?> Find(Identity identity, string requestId, CancellationToken cancellationToken);
}

/// <summary>A user who signed in, with the clients that let the user in.</summary>
public sealed record SignedInUser(Guid UserId, string Email, IReadOnlyList<ActiveMembership> Memberships);

/// <summary>A client that a user is in.</summary>
/// <param name="ClientIsDeleted">The client is in the trash.</param>
public sealed record ActiveMembership(Guid ClientId, Rights Rights, bool ClientIsDeleted);
