namespace MediaPlatform.Domain.Exports;

/// <summary>A list that the worker writes into a file.</summary>
public readonly record struct ExportId(Guid Value);

/// <summary>What a file of rows looks like.</summary>
public enum ExportFormat
{
    /// <summary>RFC 4180, with a line of names.</summary>
    Csv,
    /// <summary>An array of objects.</summary>
    Json,
}

/// <summary>Where an export stands.</summary>
public enum ExportStatus
{
    /// <summary>Waits for a worker.</summary>
    Queued,
    /// <summary>A worker writes it.</summary>
    Running,
    /// <summary>The file is there, until it expires.</summary>
    Ready,
    /// <summary>There will be no file, unless its job is tried again.</summary>
    Failed,
}

/// <summary>What holds for all exports.</summary>
public static class ExportRules
{
    /// <summary>Rows that are answered at once; more are the worker's work.</summary>
    public const int MostRowsAtOnce = 100_000;

    /// <summary>How long a file, or the word of its failure, is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Where an attempt puts its file: no two attempts have the same name.</summary>
    public static string Key(Guid clientId, ExportId id, Guid attempt, ExportFormat format) => $"{Folder(clientId, id)}{attempt:n}.{Names.Of(format)}";

    /// <summary>What all files of an export begin with; ends in <c>/</c>.</summary>
    public static string Folder(Guid clientId, ExportId id) => $"{clientId:n}/exports/{id.Value:n}/";

    /// <summary>The type of a file.</summary>
    public static string MimeType(ExportFormat format) => format is ExportFormat.Csv ? "text/csv" : "application/json";
}
