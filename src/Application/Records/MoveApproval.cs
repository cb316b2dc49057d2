using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>Moves a record's approval.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record MoveApproval<TFields>(Guid Id, ApprovalMove Move, long? IfMatch) : ICommand<Written>
    where TFields : class;

internal sealed class MoveApprovalHandler<TFields>(IRecords<TFields> records, CallContext context) : ICommandHandler<MoveApproval<TFields>, Written>
    where TFields : class
{
    public async Task<Result<Written>> Handle(MoveApproval<TFields> command, CancellationToken cancellationToken)
    {
        var found = await records.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<Written>();

        var moved = found.Value.State.Move(command.Move);
        return moved.Succeeded ? await records.SaveApproval(moved.Value, cancellationToken) : moved.As<Written>();
    }
}
