using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>Takes a record out of the trash, with exactly what its deletion took along.</summary>
public sealed record RestoreRecord<TFields>(Guid Id) : ICommand<Written>
    where TFields : class;

internal sealed class RestoreRecordHandler<TFields>(IRecords<TFields> records) : ICommandHandler<RestoreRecord<TFields>, Written>
    where TFields : class
{
    public async Task<Result<Written>> Handle(RestoreRecord<TFields> command, CancellationToken cancellationToken)
    {
        if (await records.FindForUpdate(command.Id, cancellationToken) is not { } found) return new RecordNotFound(records.Kind, command.Id);

        var restored = found.State.Restore();
        return restored.Succeeded ? await records.SaveRestored(found, cancellationToken) : restored.As<Written>();
    }
}
