using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Video;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaPlatform.Infrastructure.Tests.Video;

internal static class Probers
{
    public static FfmpegVideoProber With(VideoOptions? options = null)
    {
        options ??= new VideoOptions();
        return new FfmpegVideoProber(FfmpegProcess.From(options), options, NullLogger<FfmpegVideoProber>.Instance);
    }

    public static Task<ProbeOutcome> Probe(this IVideoProber prober, string path) => prober.Probe(path, Films.Demuxer(path), CancellationToken.None);

    public static async Task<VideoFacts> Facts(this IVideoProber prober, string path)
    {
        var outcome = await prober.Probe(path);
        Assert.That(outcome.Fault, Is.Null, path);
        return outcome.Facts!;
    }

    /// <summary>The living processes with this text in their command line.</summary>
    public static int[] Running(string text) => Directory.GetDirectories("/proc")
        .Select(directory => int.TryParse(Path.GetFileName(directory), out var id) ? id : 0)
        .Where(id => id > 0 && id != Environment.ProcessId && CommandLine(id).Contains(text, StringComparison.Ordinal))
        .ToArray();

    public static bool Exists(int id) => Directory.Exists($"/proc/{id}"); // true for a zombie too

    /// <summary>Waits, for 20 s at most, until a process with this text runs.</summary>
    public static async Task<int> UntilRunning(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (Running(text) is [var id, ..]) return id;
            await Task.Delay(10, patience.Token);
        }
    }

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
