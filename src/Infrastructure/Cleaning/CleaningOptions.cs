using System.ComponentModel.DataAnnotations;
using MediaPlatform.Infrastructure.Processes;

namespace MediaPlatform.Infrastructure.Cleaning;

/// <summary>How exiftool is found and bounded. Section <c>Cleaning</c>.</summary>
public sealed record CleaningOptions : IValidatableObject
{
    /// <summary>Absolute path of exiftool; null for the first one on the PATH.</summary>
    public string? ExifToolPath { get; init; }

    /// <summary>For one run on one file; an original needs two. Long films are copied whole.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00", ErrorMessage = "Cleaning:TimeLimit must be from 1 s to 6 h.")]
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Address space of one process.</summary>
    [Range(128L << 20, long.MaxValue, ErrorMessage = "Cleaning:MemoryLimitBytes must be at least 134217728 (128 MiB).")]
    public long MemoryLimitBytes { get; init; } = 1L << 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Executables.Missing("exiftool", ExifToolPath, "Cleaning:ExifToolPath", "libimage-exiftool-perl") is { } missing) yield return missing;
        foreach (var problem in BoundedProcess.Problems()) yield return problem;
    }
}
