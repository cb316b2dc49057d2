using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>Deletes a record for good: its row, what depends on it, and then its objects. A receipt stays.</summary>
/// <param name="Reason">At most 500 characters; kept in the receipt.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record PurgeRecord<TFields>(Guid Id, string? Reason, long? IfMatch) : ICommand<PurgedRecord>, IGivesReason
    where TFields : class;

internal sealed class PurgeRecordHandler<TFields>(IRecords<TFields> records, CallContext context, TimeProvider time) : ICommandHandler<PurgeRecord<TFields>, PurgedRecord>
    where TFields : class
{
    public async Task<Result<PurgedRecord>> Handle(PurgeRecord<TFields> command, CancellationToken cancellationToken)
    {
        if (Reasons.TooLong(command) is { } tooLong) return tooLong;
        if (await records.FindForUpdate(command.Id, cancellationToken) is not { State: var record }) return new RecordNotFound(records.Kind, command.Id);

        var caller = context.Caller;
        var allowed = record.Purge(caller.Role, caller.KindName, caller.ActorId, time.GetUtcNow());
        if (!allowed.Succeeded) return allowed.As<PurgedRecord>();
        var takesAlong = await records.TakesAlong(record.Id, cancellationToken); // what goes along is locked before it is asked whether it is kept
        if (caller.Role < Role.Admin && takesAlong) return new RoleTooLow(Role.Admin); // it may be others'
        if (StaleVersion.Unless(command.IfMatch, record.Version) is { } stale) return stale;
        if (await records.FindKept(record.Id, cancellationToken) is { } kept) return kept;

        return await records.Purge(record.Id, command.Reason, cancellationToken);
    }
}
