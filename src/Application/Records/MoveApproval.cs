using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

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
        if (await records.FindForUpdate(command.Id, cancellationToken) is not { State: var record }) return new RecordNotFound(records.Kind, command.Id);
        if (record.HiddenFrom(context.Caller.Role) is { } hidden) return hidden;
        if (record.StaleFor(command.IfMatch) is { } stale) return stale;

        var moved = record.Move(command.Move);
        return moved.Succeeded ? await records.SaveApproval(moved.Value, cancellationToken) : moved.As<Written>();
    }
}
