using MediaPlatform.Infrastructure.Processes;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>Runs ffmpeg and ffprobe as <see cref="BoundedProcess"/> does.</summary>
/// <remarks>
/// Xabe.FFmpeg starts the process and no more: its own runners keep all output in memory, do not wait for a killed process,
/// and may throw from an <c>async void</c> callback, which ends the worker. docs/adr/0010 has the whole of it.
/// </remarks>
internal sealed class FfmpegProcess : Xabe.FFmpeg.FFmpeg
{
    private static readonly Lock Looking = new();
    private readonly VideoOptions options;
    private readonly string ffmpeg;
    private readonly string ffprobe;

    private FfmpegProcess(VideoOptions options)
    {
        this.options = options;
        (ffmpeg, ffprobe) = (Executables.Require("ffmpeg", options.FfmpegPath), Executables.Require("ffprobe", options.FfprobePath));
    }

    /// <summary>A runner; the options must have been validated.</summary>
    public static FfmpegProcess From(VideoOptions options)
    {
        // The base class looks on the PATH when it is constructed, and fails where there is nothing. What runs is always our own choice.
        // It keeps what it has found for all, without a lock: two that are constructed at once may each find that there is nothing.
        lock (Looking)
        {
            if (options.FfmpegPath is { } configured && Executables.Find("ffmpeg") is null) SetExecutablesPath(Path.GetDirectoryName(configured));
            return new FfmpegProcess(options);
        }
    }

    /// <summary>Runs ffmpeg; files it writes may have at most <paramref name="maxFileBytes"/>.</summary>
    public Task<ProcessOutcome> Ffmpeg(IEnumerable<string> arguments, TimeSpan limit, long maxFileBytes, CancellationToken cancellationToken) =>
        Run([ffmpeg, "-nostdin", .. arguments], limit, maxFileBytes, 64 * 1024, cancellationToken);

    /// <summary>Runs ffprobe, which may write no file, and at most <paramref name="maxOutputBytes"/> to standard output.</summary>
    public Task<ProcessOutcome> Ffprobe(IEnumerable<string> arguments, TimeSpan limit, int maxOutputBytes, CancellationToken cancellationToken) =>
        Run([ffprobe, .. arguments], limit, 0, maxOutputBytes, cancellationToken);

    private Task<ProcessOutcome> Run(IEnumerable<string> command, TimeSpan limit, long maxFileBytes, int maxOutputBytes, CancellationToken cancellationToken) => BoundedProcess.Run(
        command,
        new(limit, options.Threads, options.MemoryLimitBytes, maxFileBytes, maxOutputBytes),
        (env, arguments) => RunProcess(string.Join(' ', arguments.Select(Quoted)), env, null, standardInput: true, standardOutput: true, standardError: true),
        cancellationToken);

    /// <summary>One argument of the command line. Every argument is the server's own, so one that would need escaping is a bug.</summary>
    private static string Quoted(string argument) => argument.AsSpan().IndexOfAny('"', '\\', '\0') < 0
        ? $"\"{argument}\""
        : throw new ArgumentException("An argument of ffmpeg holds a quote, a backslash or NUL.", nameof(argument));
}
