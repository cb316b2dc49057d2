using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Infrastructure.Postgres;

/// <summary>The database. Section <c>Database</c>.</summary>
public sealed record DatabaseOptions
{
    /// <summary>In Npgsql's form: <c>Host=…;Port=…;Database=…;Username=…;Password=…</c>.</summary>
    [Required(ErrorMessage = "Database:ConnectionString is not set; it names the PostgreSQL database.")]
    public string ConnectionString { get; init; } = "";

    /// <summary>The longest that one statement of a request may take; then it is too expensive, and ends. Waiting for locks ends at four fifths of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a request's transaction is begun when PostgreSQL ends it because it and another wait for each other; then its caller is answered 503 DATABASE_BUSY.</summary>
    [Range(1, 20)]
    public int Attempts { get; init; } = 4;

    /// <summary>Connections of one process.</summary>
    [Range(1, 1000)]
    public int MaxPoolSize { get; init; } = 50;
}
