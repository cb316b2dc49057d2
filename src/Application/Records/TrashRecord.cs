using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Records;

/// <summary>Moves a record to the trash, where it waits for its restore or its purge, and what depends on it with it.</summary>
/// <param name="Reason">At most 500 characters.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
/// <param name="Where">As <see cref="OpenRecord.Open"/> has it.</param>
public sealed record TrashRecord<TFields>(Guid Id, string? Reason, long? IfMatch, Func<TFields, bool>? Where = null) : ICommand<TrashedRecord>, IGivesReason
    where TFields : class;

/// <summary>A message with a person's reason in it.</summary>
public interface IGivesReason
{
    string? Reason { get; }
}

internal sealed class TrashRecordHandler<TFields>(IRecords<TFields> records, CallContext context, TimeProvider time) : ICommandHandler<TrashRecord<TFields>, TrashedRecord>
    where TFields : class
{
    public async Task<Result<TrashedRecord>> Handle(TrashRecord<TFields> command, CancellationToken cancellationToken)
    {
        if (Reasons.TooLong(command) is { } tooLong) return tooLong;
        var found = await records.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken, command.Where);
        if (!found.Succeeded) return found.As<TrashedRecord>();

        var trashed = found.Value.State.Trash(time.GetUtcNow());
        return trashed.Succeeded ? await records.SaveTrashed(trashed.Value, command.Reason, cancellationToken) : trashed.As<TrashedRecord>();
    }
}

internal static class Reasons
{
    private const int MaxLength = 500;

    public static Error? TooLong(IGivesReason message) =>
        message.Reason?.Length > MaxLength ? new InvalidError("VALIDATION_ERROR", $"A reason has at most {MaxLength} characters.", "reason") : null;
}
