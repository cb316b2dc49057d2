using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>
/// A rule of the domain on what people write of a record, beyond its shape: that a released episode keeps its number. It is asked whatever
/// way the fields come in, looks at nothing else, and is found by a scan. What needs other rows is a constraint or a use case.
/// </summary>
public interface IRecordRule<in TFields>
    where TFields : class
{
    /// <summary>Every reason why not.</summary>
    /// <param name="before">The record as it is; null when it is being made.</param>
    IEnumerable<Error> Check(StoredRecord? before, TFields after);
}

/// <summary>The one way in which fields are written, whoever writes them: the endpoints of a kind, or a use case that makes or changes one by the way.</summary>
public sealed class RecordWriter<TFields>(IRecords<TFields> records, IEnumerable<IValidator<TFields>> validators, IEnumerable<IRecordRule<TFields>> rules, IEnumerable<IRecordParts<TFields>> parts)
    where TFields : class
{
    /// <summary>Makes one.</summary>
    public async Task<Result<Written>> Create(TFields fields, CancellationToken cancellationToken) =>
        await Write(before: null, fields, complete => records.Add(Guid.CreateVersion7(), complete, cancellationToken), cancellationToken);

    /// <summary>Changes one that is open.</summary>
    public async Task<Result<Written>> Change(StoredRecord record, TFields fields, CancellationToken cancellationToken) =>
        await Write(record, fields, complete => records.Save(record, complete, cancellationToken), cancellationToken);

    private async Task<Result<Written>> Write(StoredRecord? before, TFields fields, Func<TFields, Task<Result<Written>>> write, CancellationToken cancellationToken)
    {
        var shape = validators.ErrorsOf(fields);
        Error[] errors = shape.Length > 0 ? shape : [.. rules.SelectMany(rule => rule.Check(before, fields))];
        if (errors.Length > 0) return errors;

        foreach (var part in parts)
        {
            var completed = await part.Complete(before, fields, cancellationToken);
            if (!completed.Succeeded) return completed.As<Written>();
            fields = completed.Value;
        }

        var written = await write(fields);
        if (!written.Succeeded) return written;

        var findings = new List<Finding>(written.Value.Findings);
        foreach (var part in parts)
        {
            var kept = await part.Keep(written.Value.Id, before, fields, cancellationToken);
            if (!kept.Succeeded) return kept.As<Written>();
            findings.AddRange(kept.Value);
        }

        return written.Value with { Findings = findings };
    }
}
