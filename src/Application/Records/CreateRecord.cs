using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Records;

/// <summary>Makes a record.</summary>
public sealed record CreateRecord<TFields>(TFields Fields) : ICommand<Written>
    where TFields : class;

internal sealed class CreateRecordHandler<TFields>(IRecords<TFields> records, IEnumerable<IValidator<TFields>> validators) : ICommandHandler<CreateRecord<TFields>, Written>
    where TFields : class
{
    public async Task<Result<Written>> Handle(CreateRecord<TFields> command, CancellationToken cancellationToken)
    {
        var errors = validators.ErrorsOf(command.Fields);
        return errors.Length > 0 ? errors : await records.Add(Guid.CreateVersion7(), command.Fields, cancellationToken);
    }
}
