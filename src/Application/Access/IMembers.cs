using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>The members of the caller's client, for writing.</summary>
public interface IMembers
{
    /// <summary>The user with this email, made when there is none; an email made known this way is not verified.</summary>
    Task<UserId> FindOrAddUser(string email, CancellationToken cancellationToken);

    /// <summary>False when the user is a member already.</summary>
    Task<bool> Add(Member member, CancellationToken cancellationToken);

    Task<Member?> FindForUpdate(MemberId id, CancellationToken cancellationToken);

    /// <summary>With the version that it has then, which goes up when something changes.</summary>
    Task<Member> Save(Member member, CancellationToken cancellationToken);

    /// <summary>Whether the client has an active owner beside this one. Until the transaction ends no other can ask, so that two do not leave at once.</summary>
    Task<bool> HasOtherOwner(MemberId id, CancellationToken cancellationToken);

    Task Remove(MemberId id, CancellationToken cancellationToken);
}
