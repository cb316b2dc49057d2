using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Records;

/// <summary>Makes a record.</summary>
public sealed record CreateRecord<TFields>(TFields Fields) : ICommand<Written>
    where TFields : class;

internal sealed class CreateRecordHandler<TFields>(RecordWriter<TFields> writer) : ICommandHandler<CreateRecord<TFields>, Written>
    where TFields : class
{
    public Task<Result<Written>> Handle(CreateRecord<TFields> command, CancellationToken cancellationToken) => writer.Create(command.Fields, cancellationToken);
}
