using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Exports;

namespace MediaPlatform.Application.Exports;

/// <summary>An export as it is read, before a link is made of its key.</summary>
/// <param name="Rows">Written so far.</param>
public sealed record ExportDetails(
    Guid Id, string Resource, string Format, string Status, int Progress, int Rows, long? SizeBytes, string? ErrorCode, string? ErrorMessage, DateTimeOffset? ExpiresAt,
    string[] Fields, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset? FinishedAt, DateTimeOffset UpdatedAt, int Version,
    string? StorageProvider, string? StorageKey);

/// <summary>The caller's own exports, newest first; of an admin, all of the client.</summary>
public sealed record ListExports(ListRequest Request) : IQuery<Page<ExportDetails>>;

/// <summary>One export; another's only for admins.</summary>
public sealed record GetExport(ExportId Id) : IQuery<ExportDetails>;

/// <summary>Whether a list can be answered at once: its filter is right, the caller may read it, and it is not too long.</summary>
public sealed record PrepareExport(string List, ListRequest Request, IReadOnlyList<string> Fields) : IQuery<PreparedExport>;

/// <summary>A list that can be answered at once.</summary>
public sealed record PreparedExport(IExportedList List);
