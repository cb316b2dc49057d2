using System.Collections.Frozen;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Changes a member's role, permissions or status; null leaves it.</summary>
/// <param name="Permissions">Those that change; null takes one away.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ChangeMember(
    MemberId Id, Role? Role, MemberStatus? Status, long? IfMatch, IReadOnlyDictionary<string, EntityRight?>? Permissions = null) : ICommand<Member>;

internal sealed class ChangeMemberHandler(IMembers members, EntityNames entities, CallContext context) : ICommandHandler<ChangeMember, Member>
{
    public async Task<Result<Member>> Handle(ChangeMember command, CancellationToken cancellationToken)
    {
        if (await members.FindForUpdate(command.Id, cancellationToken) is not { } member) return new MemberNotFound(command.Id);
        if (command.IfMatch is { } seen && seen != member.Version) return new StaleVersion(member.Version);

        var permissions = entities.Change(member.Permissions, command.Permissions ?? FrozenDictionary<string, EntityRight?>.Empty);
        if (!permissions.Succeeded) return permissions.As<Member>();

        var changed = member.Change(new(command.Role ?? member.Role, permissions.Value), command.Status ?? member.Status, context.Caller.Rights);
        if (!changed.Succeeded) return changed;
        if (member.Owns && !changed.Value.Owns && !await members.HasOtherOwner(member.Id, cancellationToken)) return new LastOwner();

        await members.Save(changed.Value, cancellationToken);
        return changed;
    }
}
