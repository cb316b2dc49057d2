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
    /// <summary>Changes role and status; nobody gives a role above the own, nor touches a member above it.</summary>
    public Result<Member> Change(Role role, MemberStatus status, Role by)
    {
        if (Role > by) return new RoleAboveOwn(Role, by);
        if (role > by) return new RoleAboveOwn(role, by);
        if (status is MemberStatus.Invited && Status is not MemberStatus.Invited) return new MemberAlreadyJoined();
        return this with { Role = role, Status = status };
    }
}
