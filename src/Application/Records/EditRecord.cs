using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Records;

/// <summary>Changes a record's fields. A PUT gives all of them; a merge patch makes them from those that are there, under their lock.</summary>
/// <param name="Edit">From the fields as they are to the fields as they should be.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record EditRecord<TFields>(Guid Id, Func<JsonElement, Result<TFields>> Edit, long? IfMatch) : ICommand<Written>
    where TFields : class;

internal sealed class EditRecordHandler<TFields>(IRecords<TFields> records, IEnumerable<IValidator<TFields>> validators, CallContext context)
    : ICommandHandler<EditRecord<TFields>, Written>
    where TFields : class
{
    public async Task<Result<Written>> Handle(EditRecord<TFields> command, CancellationToken cancellationToken)
    {
        if (await records.FindForUpdate(command.Id, cancellationToken) is not { } found) return new RecordNotFound(records.Kind, command.Id);
        if (found.State.HiddenFrom(context.Caller.Role) is { } hidden) return hidden;
        if (found.State.StaleFor(command.IfMatch) is { } stale) return stale;

        var edited = command.Edit(found.Fields);
        if (!edited.Succeeded) return edited.As<Written>();

        var errors = validators.ErrorsOf(edited.Value);
        return errors.Length > 0 ? errors : await records.Save(found, edited.Value, cancellationToken);
    }
}
