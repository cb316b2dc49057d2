using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>Says that a session took place as it is written, or that this is not so sure after all.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ConfirmSession(Guid Id, bool IsConfirmed, long? IfMatch) : ICommand<Written>;

internal sealed class ConfirmSessionHandler(IRecords<SessionFields> sessions, CallContext context) : ICommandHandler<ConfirmSession, Written>
{
    public async Task<Result<Written>> Handle(ConfirmSession command, CancellationToken cancellationToken)
    {
        var found = await sessions.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<Written>();

        var session = found.Value.As<Session>();
        var moved = command.IsConfirmed ? session.Confirm() : session.Reopen();
        return moved.Succeeded ? await sessions.Set(found.Value, moved.Value, cancellationToken) : moved.As<Written>();
    }
}
