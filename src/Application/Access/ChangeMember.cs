using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Changes a member's role or status; null leaves it.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ChangeMember(MemberId Id, Role? Role, MemberStatus? Status, long? IfMatch) : ICommand<Member>;

internal sealed class ChangeMemberHandler(IMembers members, CallContext context) : ICommandHandler<ChangeMember, Member>
{
    public async Task<Result<Member>> Handle(ChangeMember command, CancellationToken cancellationToken)
    {
        if (await members.FindForUpdate(command.Id, cancellationToken) is not { } member) return new MemberNotFound(command.Id);
        if (command.IfMatch is { } seen && seen != member.Version) return new StaleVersion(member.Version);

        var changed = member.Change(command.Role ?? member.Role, command.Status ?? member.Status, context.Caller.Role);
        if (changed.Succeeded) await members.Save(changed.Value, cancellationToken);
        return changed;
    }
}
