using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>
/// What a record has beside its row, whatever way its fields come in: what they name is looked up before they are written, and rows that
/// follow from them are kept in step after. It is found by a scan, and asked within the transaction and under the record's lock.
/// </summary>
public interface IRecordParts<TFields>
    where TFields : class
{
    /// <summary>The fields as they are to be written; or why what they name cannot be had.</summary>
    /// <param name="before">The record as it is; null when it is being made.</param>
    Task<Result<TFields>> Complete(StoredRecord? before, TFields after, CancellationToken cancellationToken) => Task.FromResult<Result<TFields>>(after);

    /// <summary>Keeps the rows in step with what was written.</summary>
    /// <returns>What is worth knowing of it.</returns>
    Task<Result<Finding[]>> Keep(Guid id, StoredRecord? before, TFields after, CancellationToken cancellationToken);
}
