using System.Collections.Frozen;

namespace MediaPlatform.Domain.Access;

/// <summary>Where a membership stands.</summary>
public enum MemberStatus
{
    /// <summary>Added by an admin; the user has not signed in yet.</summary>
    Invited,
    /// <summary>In.</summary>
    Active,
    /// <summary>Out, and kept for the history.</summary>
    Suspended,
}

/// <summary>A user in a client.</summary>
/// <param name="DisplayName">What this client calls the person.</param>
public sealed record Member(MemberId Id, UserId UserId, string? DisplayName, Role Role, MemberStatus Status, long Version)
{
    /// <summary>The entities on which the role is another.</summary>
    public FrozenDictionary<string, EntityRight> Permissions { get; init; } = FrozenDictionary<string, EntityRight>.Empty;

    /// <summary>Role and permissions together.</summary>
    public Rights Rights => new(Role, Permissions);

    /// <summary>Whether the client would be without this owner if the membership ended.</summary>
    public bool Owns => this is { Role: Role.Owner, Status: MemberStatus.Active };

    /// <summary>Changes rights and status; nobody gives a right above the own, nor touches a member above it.</summary>
    public Result<Member> Change(Rights rights, MemberStatus status, Rights by)
    {
        if (by.Short(Rights) is { } beyond) return beyond;
        var granted = Grant(rights, by);
        if (!granted.Succeeded) return granted.As<Member>();
        if (status is MemberStatus.Invited && Status is not MemberStatus.Invited) return new MemberAlreadyJoined();
        return this with { Role = rights.Role, Permissions = rights.Permissions, Status = status };
    }

    /// <summary>What may be given by whom. An owner is one everywhere: half an owner could not be told from the last one.</summary>
    public static Result<Rights> Grant(Rights wanted, Rights by)
    {
        if (wanted is { Role: Role.Owner, Permissions.Count: > 0 }) return new OwnerHasNoExceptions();
        return by.Short(wanted) is { } beyond ? beyond : wanted;
    }
}
