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
