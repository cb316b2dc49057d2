using Microsoft.Extensions.Options;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>How ffmpeg and ffprobe are found and bounded; section <c>Video</c>.</summary>
public sealed record VideoOptions
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
}

/// <summary>Stops the start with a sentence for each setting that cannot work.</summary>
internal sealed class VideoOptionsValidator : IValidateOptions<VideoOptions>
{
    public ValidateOptionsResult Validate(string? name, VideoOptions options)
    {
        var failures = new List<string>();
        Check(Executables.Find("ffmpeg", options.FfmpegPath) is not null, Missing("ffmpeg", options.FfmpegPath, nameof(options.FfmpegPath)));
        Check(Executables.Find("ffprobe", options.FfprobePath) is not null, Missing("ffprobe", options.FfprobePath, nameof(options.FfprobePath)));
        Check(Executables.Find("env") is not null, "env is not on the PATH: install coreutils.");
        Check(Executables.Find("prlimit") is not null, "prlimit, which bounds ffmpeg's memory, is not on the PATH: install util-linux.");
        Check(options.ProbeTimeLimit > TimeSpan.Zero, "Video:ProbeTimeLimit must be longer than nothing.");
        Check(options.PosterTimeLimit > TimeSpan.Zero, "Video:PosterTimeLimit must be longer than nothing.");
        Check(options.Threads is >= 1 and <= 16, "Video:Threads must be from 1 to 16.");
        Check(options.MaxPixels is >= 1 and <= int.MaxValue, $"Video:MaxPixels must be from 1 to {int.MaxValue}.");
        Check(options.MemoryLimitBytes >= 512L << 20, "Video:MemoryLimitBytes must be at least 536870912 (512 MiB): ffmpeg does not start in less.");
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;

        void Check(bool holds, string otherwise)
        {
            if (!holds) failures.Add(otherwise);
        }
    }

    private static string Missing(string program, string? configured, string setting) => configured is null
        ? $"{program} is not on the PATH: install ffmpeg (Debian: apt-get install ffmpeg), or set Video:{setting}."
        : $"Video:{setting} names {configured}, which is not an executable file.";
}

/// <summary>Finds programs the way a shell does, and says nothing where there is none.</summary>
internal static class Executables
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The absolute path of an executable file: the configured one alone when there is one, else the first on the PATH.</summary>
    public static string? Find(string program, string? configured = null)
    {
        if (configured is not null) return Path.IsPathFullyQualified(configured) && IsExecutable(configured) ? configured : null;

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(Path.IsPathFullyQualified)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) is not UnixFileMode.None);
}
