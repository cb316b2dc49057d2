using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Exports;

namespace MediaPlatform.Application.Exports;

/// <summary>The exports of the caller's client, for writing.</summary>
public interface IExports
{
    Task Add(ExportId id, string resource, ExportFormat format, ListRequest request, IReadOnlyList<string> fields, CancellationToken cancellationToken);

    /// <summary>Locks it.</summary>
    Task<OwnedExport?> FindForUpdate(ExportId id, CancellationToken cancellationToken);

    /// <summary>Deletes the row and lets go of its object.</summary>
    Task Delete(ExportId id, CancellationToken cancellationToken);

    /// <summary>An attempt begins: its object is noted before it is there, and that of the attempt before is let go.</summary>
    /// <returns>What to write; null when nobody wants it any more.</returns>
    Task<RunningExport?> Begin(ExportId id, Guid attempt, string provider, CancellationToken cancellationToken);

    /// <summary>The role that whoever asked has at this moment; null when it may do nothing any more.</summary>
    Task<Role?> RoleOf(RunningExport export, CancellationToken cancellationToken);

    /// <summary>False when the export was deleted meanwhile.</summary>
    Task<bool> Report(ExportId id, int rows, int progress, CancellationToken cancellationToken);

    /// <summary>The object is there; when the export is not any more, the object is let go.</summary>
    Task SaveReady(RunningExport export, int rows, long sizeBytes, CancellationToken cancellationToken);

    /// <summary>Lets go of all that attempts may have left of an export that is gone.</summary>
    Task LetGo(ExportId id, CancellationToken cancellationToken);

    /// <summary>Deletes those that have been kept for long enough.</summary>
    /// <returns>How many.</returns>
    Task<int> DeleteExpired(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}

/// <summary>Whose an export is.</summary>
public sealed record OwnedExport(ExportId Id, string Resource, Guid? CreatedBy, long Version);

/// <summary>An export that an attempt writes.</summary>
public sealed record RunningExport(
    ExportId Id, string Resource, ExportFormat Format, ListRequest Request, IReadOnlyList<string> Fields, string CreatedByKind, Guid? CreatedBy, string StorageProvider, string StorageKey);
