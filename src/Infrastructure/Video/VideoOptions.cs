using System.ComponentModel.DataAnnotations;
using MediaPlatform.Infrastructure.Processes;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>How ffmpeg and ffprobe are found and bounded; section <c>Video</c>.</summary>
public sealed record VideoOptions : IValidatableObject
{
    /// <summary>Absolute path of ffmpeg; null for the first one on the PATH.</summary>
    public string? FfmpegPath { get; init; }

    /// <summary>Absolute path of ffprobe; null for the first one on the PATH.</summary>
    public string? FfprobePath { get; init; }

    /// <summary>Wall clock for reading the facts of one file.</summary>
    public TimeSpan ProbeTimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wall clock for one poster, both tries together.</summary>
    public TimeSpan PosterTimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Decoder threads of one process.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Width times height of a frame, coded or displayed; 8K is 33.2 million.</summary>
    public long MaxPixels { get; init; } = 50_000_000;

    /// <summary>Address space of one process, in bytes; an 8K film in 10 bits needs about 2 GiB.</summary>
    public long MemoryLimitBytes { get; init; } = 3L << 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Executables.Missing("ffmpeg", FfmpegPath, "Video:FfmpegPath", "ffmpeg") is { } noFfmpeg) yield return noFfmpeg;
        if (Executables.Missing("ffprobe", FfprobePath, "Video:FfprobePath", "ffmpeg") is { } noFfprobe) yield return noFfprobe;
        if (ProbeTimeLimit <= TimeSpan.Zero) yield return new("Video:ProbeTimeLimit must be longer than nothing.");
        if (PosterTimeLimit <= TimeSpan.Zero) yield return new("Video:PosterTimeLimit must be longer than nothing.");
        if (Threads is < 1 or > 16) yield return new("Video:Threads must be from 1 to 16.");
        if (MaxPixels is < 1 or > int.MaxValue) yield return new($"Video:MaxPixels must be from 1 to {int.MaxValue}.");
        if (MemoryLimitBytes < 512L << 20) yield return new("Video:MemoryLimitBytes must be at least 536870912 (512 MiB): ffmpeg does not start in less.");
        foreach (var problem in BoundedProcess.Problems()) yield return problem;
    }
}
