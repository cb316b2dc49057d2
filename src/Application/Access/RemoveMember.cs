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
        if (StaleVersion.Unless(command.IfMatch, member.Version) is { } stale) return stale;

        var allowed = member.Change(member.Rights, member.Status, context.Caller.Rights);
        if (!allowed.Succeeded) return allowed.As<Done>();
        if (member.Owns && !await members.HasOtherOwner(member.Id, cancellationToken)) return new LastOwner();

        await members.Remove(member.Id, cancellationToken);
        return Done.Instance;
    }
}
