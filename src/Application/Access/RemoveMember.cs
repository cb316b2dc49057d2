using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Takes a person out of the client. What they made stays.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record RemoveMember(MemberId Id, long? IfMatch) : ICommand<Done>;

internal sealed class RemoveMemberHandler(IMembers members, CallContext context) : ICommandHandler<RemoveMember, Done>
{
    public async Task<Result<Done>> Handle(RemoveMember command, CancellationToken cancellationToken)
    {
        if (await members.FindForUpdate(command.Id, cancellationToken) is not { } member) return new MemberNotFound(command.Id);
        if (command.IfMatch is { } seen && seen != member.Version) return new StaleVersion(member.Version);

        var allowed = member.Change(member.Role, member.Status, context.Caller.Role);
        if (!allowed.Succeeded) return allowed.As<Done>();

        await members.Remove(member.Id, cancellationToken);
        return Done.Instance;
    }
}
