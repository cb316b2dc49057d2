using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>The way into a change of a record.</summary>
public static class OpenRecord
{
    /// <summary>The record, locked; or why this caller cannot change it: it is not there, hidden in the trash, or another than the caller has seen.</summary>
    /// <param name="ifMatch">The version that the caller has seen; null for any.</param>
    /// <param name="where">What must be true of it for the caller to find it there, such as that it stands in the episode of the path; null for wherever it is.</param>
    public static async Task<Result<StoredRecord>> Open<TFields>(
        this IRecords<TFields> records, Guid id, long? ifMatch, Role role, CancellationToken cancellationToken, Func<TFields, bool>? where = null)
        where TFields : class
    {
        if (await records.FindForUpdate(id, cancellationToken) is not { } record || where?.Invoke(record.As<TFields>()) is false) return new RecordNotFound(records.Kind, id);
        if (record.State.HiddenFrom(role) is { } hidden) return hidden;
        return StaleVersion.Unless(ifMatch, record.State.Version) is { } stale ? stale : record;
    }
}
