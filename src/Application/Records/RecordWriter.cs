using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

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
public sealed class RecordWriter<TFields>(IRecords<TFields> records, IEnumerable<IValidator<TFields>> validators, IEnumerable<IRecordRule<TFields>> rules)
    where TFields : class
{
    /// <summary>Makes one.</summary>
    public async Task<Result<Written>> Create(TFields fields, CancellationToken cancellationToken) =>
        ErrorsOf(before: null, fields) is { Length: > 0 } errors ? errors : await records.Add(Guid.CreateVersion7(), fields, cancellationToken);

    /// <summary>Changes one that is open.</summary>
    public async Task<Result<Written>> Change(StoredRecord record, TFields fields, CancellationToken cancellationToken) =>
        ErrorsOf(record, fields) is { Length: > 0 } errors ? errors : await records.Save(record, fields, cancellationToken);

    private Error[] ErrorsOf(StoredRecord? before, TFields after)
    {
        var shape = validators.ErrorsOf(after);
        return shape.Length > 0 ? shape : [.. rules.SelectMany(rule => rule.Check(before, after))];
    }
}
