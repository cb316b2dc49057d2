using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Takes a person out of the client. What they made stays.</summary>
public sealed record RemoveMember(MemberId Id) : ICommand<Done>;

internal sealed class RemoveMemberHandler(IMembers members, CallContext context) : ICommandHandler<RemoveMember, Done>
{
    public async Task<Result<Done>> Handle(RemoveMember command, CancellationToken cancellationToken)
    {
        if (await members.FindForUpdate(command.Id, cancellationToken) is not { } member) return new MemberNotFound(command.Id);

        var allowed = member.Change(member.Role, member.Status, context.Caller.Role);
        if (!allowed.Succeeded) return allowed.As<Done>();

        await members.Remove(member.Id, cancellationToken);
        return Done.Instance;
    }
}
