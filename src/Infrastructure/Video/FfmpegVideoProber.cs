using System.Globalization;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Processes;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>The prober on ffprobe and ffmpeg. The demuxer is pinned to the one that the bytes asked for, so that no playlist is followed.</summary>
internal sealed class FfmpegVideoProber(FfmpegProcess process, VideoOptions options, ILogger<FfmpegVideoProber> logger) : IVideoProber
{
    private const string PosterFailed = "POSTER_FAILED";
    private const int MaxFactsBytes = 1 << 20;
    private const long MaxAllocationBytes = 1L << 30;

    public async Task<ProbeOutcome> Probe(string sourcePath, string demuxer, CancellationToken cancellationToken)
    {
        if (ContainerEnd.Missing(sourcePath, demuxer) is { } missing)
        {
            return Fault("VIDEO_TRUNCATED", $"The file is cut off: {missing}.");
        }

        var run = await process.Ffprobe(
            [.. Guarded(demuxer), "-i", Url(sourcePath), "-show_entries", ProbeDocument.Entries, "-of", "json=compact=1"],
            options.ProbeTimeLimit, MaxFactsBytes, cancellationToken);

        if (run.End is ProcessEnd.TimedOut) return new(null, TimedOut("Reading the file", options.ProbeTimeLimit));
        if (!run.Succeeded)
        {
            Log("ffprobe", run);
            if (run.Errors.Contains("exceeds specified max pixel count", StringComparison.Ordinal)) return TooLarge("more pixels than that");
            return Fault("VIDEO_CORRUPT", "The file cannot be read as what its first bytes say it is.");
        }

        if (ProbeDocument.Parse(run.Output) is not { } document) return Fault("VIDEO_CORRUPT", "The file describes itself in a way that cannot be read.");
        if (FactsReader.Read(document) is not { } facts) return Fault("VIDEO_NO_STREAM", "The file holds neither moving pictures nor sound.");
        if ((long)(facts.Width ?? 0) * (facts.Height ?? 0) > options.MaxPixels)
        {
            return TooLarge($"{facts.Width} × {facts.Height}");
        }

        return new ProbeOutcome(facts, null);
    }

    public Task<ProbeFault?> WritePoster(string sourcePath, string demuxer, VideoFacts facts, string outputPath, CancellationToken cancellationToken) =>
        Write(sourcePath, demuxer, facts, PositionOfPoster(facts.DurationMs), orFirst: true, outputPath, cancellationToken);

    public async Task<ProbeFault?> WriteFrame(string sourcePath, string demuxer, VideoFacts facts, double? seconds, string outputPath, CancellationToken cancellationToken)
    {
        var fault = await Write(sourcePath, demuxer, facts, seconds ?? facts.DurationMs / 2000.0, orFirst: seconds is null, outputPath, cancellationToken);
        return fault is { Code: PosterFailed } && seconds is { } asked
            ? fault with { Code = "FRAME_MISSING", Message = string.Create(CultureInfo.InvariantCulture, $"The footage has no frame at {asked:0.###} s that can be decoded.") }
            : fault;
    }

    private async Task<ProbeFault?> Write(string sourcePath, string demuxer, VideoFacts facts, double? position, bool orFirst, string outputPath, CancellationToken cancellationToken)
    {
        var isVideo = facts.VideoCodec is not null;
        if (!isVideo && !facts.HasAttachedPicture) return new ProbeFault(PosterFailed, "The file has sound alone, without a picture.", false);

        string[] firstFrame = [];
        string[] seek = isVideo && position is { } known ? ["-ss", known.ToString("0.000", CultureInfo.InvariantCulture)] : firstFrame;
        var written = false;
        try
        {
            var fault = await Write(sourcePath, demuxer, facts, isVideo, seek.Length > 0 && orFirst ? [seek, firstFrame] : [seek], outputPath, cancellationToken);
            written = fault is null;
            return fault;
        }
        finally
        {
            if (!written) File.Delete(outputPath);
        }
    }

    private async Task<ProbeFault?> Write(string sourcePath, string demuxer, VideoFacts facts, bool isVideo, string[][] positions, string outputPath, CancellationToken cancellationToken)
    {
        // Autorotation comes before our filter, and the size is the displayed one: what comes out is upright, with square pixels.
        var filter = isVideo && facts.Width is not null ? $"scale={facts.Width}:{facts.Height}:flags=bicubic+accurate_rnd,setsar=1,format=rgb24" : "format=rgb24";
        string[] output =
        [
            "-map", isVideo ? "0:V:0" : "0:v:0", "-frames:v", "1", "-vf", filter, "-filter_threads", "1",
            "-map_metadata", "-1", "-c:v", "png", "-threads", "1", "-f", "image2pipe", "-y", Url(outputPath),
        ];

        var deadline = TimeProvider.System.GetTimestamp();
        foreach (var seek in positions)
        {
            var left = options.PosterTimeLimit - TimeProvider.System.GetElapsedTime(deadline);
            if (left <= TimeSpan.Zero) break;
            var run = await process.Ffmpeg(
                ["-hide_banner", .. Guarded(demuxer), .. seek, "-i", Url(sourcePath), .. output], left, (4 * options.MaxPixels) + (1 << 20), cancellationToken);

            if (run.Succeeded && IsWholePng(outputPath)) return null;
            Log("ffmpeg", run);
            if (run.End is ProcessEnd.TimedOut) return TimedOut("Making the poster", options.PosterTimeLimit);
            if (run.Errors.Contains("No space left on device", StringComparison.Ordinal)) return new ProbeFault(MediaFaults.DiskFull, "There is no room for the poster.", true);
        }

        return new ProbeFault(PosterFailed, "No frame of the file can be decoded.", false);
    }

    /// <summary>ffmpeg's exit code is 0 on a full disk, and where there was no frame: the picture must be there to its last chunk.</summary>
    private static bool IsWholePng(string path)
    {
        if (!File.Exists(path)) return false;
        using var file = File.OpenHandle(path);
        Span<byte> last = stackalloc byte[8];
        return RandomAccess.GetLength(file) is var length and > 8 && RandomAccess.Read(file, last, length - 8) == 8 && last.StartsWith("IEND"u8);
    }

    /// <summary>One second in, or the middle of what is shorter; null where the duration is not known, for the first frame.</summary>
    private static double? PositionOfPoster(long? durationMs) => durationMs is { } known ? (known > 1000 ? 1000 : known / 2) / 1000.0 : null;

    /// <summary>What bounds the reading of a file that a stranger made. It stands before <c>-i</c>.</summary>
    private string[] Guarded(string demuxer) =>
    [
        "-v", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", demuxer, "-f", demuxer, "-max_streams", "100",
        "-max_alloc", Number(MaxAllocationBytes), "-max_pixels", Number(options.MaxPixels), "-threads", Number(options.Threads),
    ];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>With its protocol named, a path is never taken for an option or for another protocol.</summary>
    private static string Url(string path) =>
        Path.IsPathFullyQualified(path) ? "file:" + path : throw new ArgumentException("The path of a media file must be absolute.", nameof(path));

    private static ProbeOutcome Fault(string code, string message) => new(null, new ProbeFault(code, message, false));

    private ProbeOutcome TooLarge(string size) => Fault("VIDEO_TOO_LARGE", $"A frame may have {options.MaxPixels} pixels; this film's have {size}.");

    private static ProbeFault TimedOut(string what, TimeSpan limit) => new("VIDEO_TIMED_OUT", $"{what} took longer than {limit.TotalSeconds:0.#} s.", true);

    private void Log(string program, ProcessOutcome run) =>
        logger.LogInformation("{Program} ended as {End} with exit code {ExitCode}: {Errors}", program, run.End, run.ExitCode, run.Errors);
}
