using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>A user in a client, as it is shown.</summary>
/// <param name="DisplayName">What this client calls the person.</param>
/// <param name="Permissions">The entities on which the role is another: none, viewer, editor or admin, by name.</param>
public sealed record MemberDetails(
    Guid Id, Guid UserId, string Email, string? DisplayName, string Role, Dictionary<string, string> Permissions, string Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version);

/// <summary>The members of the client, newest first.</summary>
public sealed record ListMembers(ListRequest Request) : IQuery<Page<MemberDetails>>;

/// <summary>One member.</summary>
public sealed record GetMember(MemberId Id) : IQuery<MemberDetails>;

/// <summary>The members of the caller's client, for writing.</summary>
public interface IMembers
{
    /// <summary>The user with this email, made when there is none; an email made known this way is not verified.</summary>
    Task<UserId> FindOrAddUser(string email, CancellationToken cancellationToken);

    /// <summary>False when the user is a member already.</summary>
    Task<bool> Add(Member member, CancellationToken cancellationToken);

    Task<Member?> FindForUpdate(MemberId id, CancellationToken cancellationToken);
    Task Save(Member member, CancellationToken cancellationToken);

    /// <summary>Whether the client has an active owner beside this one. Until the transaction ends no other can ask, so that two do not leave at once.</summary>
    Task<bool> HasOtherOwner(MemberId id, CancellationToken cancellationToken);

    Task Remove(MemberId id, CancellationToken cancellationToken);
}
