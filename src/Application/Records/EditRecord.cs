using System.Text.Json;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Records;

/// <summary>Changes a record's fields. A PUT gives all of them; a merge patch makes them from those that are there, under their lock.</summary>
/// <param name="Edit">From the fields as they are to the fields as they should be.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
/// <param name="Where">As <see cref="OpenRecord.Open"/> has it.</param>
public sealed record EditRecord<TFields>(Guid Id, Func<JsonElement, Result<TFields>> Edit, long? IfMatch, Func<TFields, bool>? Where = null) : ICommand<Written>
    where TFields : class;

internal sealed class EditRecordHandler<TFields>(IRecords<TFields> records, RecordWriter<TFields> writer, CallContext context)
    : ICommandHandler<EditRecord<TFields>, Written>
    where TFields : class
{
    public async Task<Result<Written>> Handle(EditRecord<TFields> command, CancellationToken cancellationToken)
    {
        var found = await records.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken, command.Where);
        if (!found.Succeeded) return found.As<Written>();

        var edited = command.Edit(found.Value.Fields);
        return edited.Succeeded ? await writer.Change(found.Value, edited.Value, cancellationToken) : edited.As<Written>();
    }
}
