using System.ComponentModel.DataAnnotations;
using MediaPlatform.Domain.Media;

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

    /// <summary>What is longer than this is sent in parts, where a client sends it to the storage itself; 64 MiB by default.</summary>
    [Range(1L, 5L << 30)]
    public long PartsAboveBytes { get; init; } = 64L << 20;

    /// <summary>The size of a part; 32 MiB by default, and more where a file would have more than 10,000.</summary>
    [Range(PartLayout.MinPartBytes, 1L << 30)]
    public long PartBytes { get; init; } = 32L << 20;

    /// <summary>How long a link to send bytes works.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan UploadLinkLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a body that comes by such a link may go on after the link has expired. What comes later than a day after is swept away, so that this is shorter.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "12:00:00")]
    public TimeSpan UploadLinkGrace { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many uploads a client may have under way: begun and not completed, or waiting to be verified.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpenUploadsPerClient { get; init; } = 10_000;

    /// <summary>How many of these a guest may have, so that none takes those of all others.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpenUploadsPerGuest { get; init; } = 100;

    /// <summary>How many files an API process takes in at once that pass through it; on S3 each takes 8 MiB of memory.</summary>
    [Range(1, 10_000)]
    public int MaxDirectUploads { get; init; } = 64;

    /// <summary>How long one more waits for its turn before it is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DirectUploadPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the sender of a file may send nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan BodyPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the worker lays files that it works on: originals from elsewhere, renditions and copies before they are stored; the system's temporary folder by default.</summary>
    [Required]
    public string ScratchRoot { get; init; } = Path.Combine(Path.GetTempPath(), "mediaplatform");
}
