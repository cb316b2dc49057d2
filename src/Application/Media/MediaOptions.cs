using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Application.Media;

/// <summary>What is taken in, and what is made of it. Section <c>Media</c>.</summary>
public sealed record MediaOptions
{
    /// <summary>Bytes of one file; 10 GiB by default.</summary>
    [Range(1L, long.MaxValue)]
    public long MaxFileBytes { get; init; } = 10L << 30;

    /// <summary>How long an upload may take before it is swept away.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan UploadExpiry { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Where the worker lays renditions before they are stored; the system's temporary folder by default.</summary>
    [Required]
    public string ScratchRoot { get; init; } = Path.Combine(Path.GetTempPath(), "mediaplatform");
}
