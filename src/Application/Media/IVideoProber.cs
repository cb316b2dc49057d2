namespace MediaPlatform.Application.Media;

/// <summary>Reads facts and posters of video and audio files with ffprobe and ffmpeg: local files alone, no network protocol, bounded time and threads.</summary>
public interface IVideoProber
{
    /// <summary>The facts of a video or audio file. It never throws for what a file holds.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    Task<ProbeOutcome> Probe(string sourcePath, string demuxer, CancellationToken cancellationToken);

    /// <summary>
    /// Writes one frame as PNG, upright and with square pixels, at full size: at 1 s, or at the middle when the file is shorter.
    /// Audio files with an attached picture give that picture.
    /// </summary>
    /// <returns>Null when written; otherwise why not.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    Task<ProbeFault?> WritePoster(string sourcePath, string demuxer, VideoFacts facts, string outputPath, CancellationToken cancellationToken);

    /// <summary>Writes the frame at a time as <see cref="WritePoster"/> does.</summary>
    /// <param name="seconds">From the beginning; null is the middle, or where that cannot be had the first frame.</param>
    /// <inheritdoc cref="WritePoster"/>
    Task<ProbeFault?> WriteFrame(string sourcePath, string demuxer, VideoFacts facts, double? seconds, string outputPath, CancellationToken cancellationToken);
}

/// <summary>Either <see cref="Facts"/> or a <see cref="Fault"/>.</summary>
public sealed record ProbeOutcome(VideoFacts? Facts, ProbeFault? Fault);

/// <summary>What ffprobe said.</summary>
/// <param name="DurationMs">Milliseconds; null when the container does not tell.</param>
/// <param name="Width">Pixels as displayed (rotation and sample aspect applied); null for audio.</param>
/// <param name="Height">Pixels as displayed.</param>
/// <param name="FramesPerSecond">Average frame rate; null for audio.</param>
/// <param name="VideoCodec">ffmpeg's name, such as <c>h264</c>; null for audio. An attached picture is not a video stream.</param>
/// <param name="AudioCodec">ffmpeg's name of the first audio stream.</param>
/// <param name="BitRate">Bits per second of the whole file.</param>
/// <param name="HasAudio">True when there is an audio stream.</param>
/// <param name="HasAttachedPicture">True when there is cover art.</param>
/// <param name="Metadata">The creation time and allow-listed tags; GPS apart.</param>
public sealed record VideoFacts(
    long? DurationMs, int? Width, int? Height, double? FramesPerSecond, string? VideoCodec, string? AudioCodec,
    long? BitRate, bool HasAudio, bool HasAttachedPicture, EmbeddedMetadata Metadata);

/// <summary>Why a file could not be probed or has no poster.</summary>
/// <param name="Code"><c>VIDEO_CORRUPT</c>, <c>VIDEO_TRUNCATED</c>, <c>VIDEO_NO_STREAM</c>, <c>VIDEO_TIMED_OUT</c>, <c>VIDEO_TOO_LARGE</c>, <c>POSTER_FAILED</c>, <c>FRAME_MISSING</c>, <c>DISK_FULL</c>.</param>
/// <param name="Message">One sentence, without paths.</param>
/// <param name="Retryable">True when the same file may do better another time.</param>
public sealed record ProbeFault(string Code, string Message, bool Retryable);
