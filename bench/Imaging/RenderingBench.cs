using System.Diagnostics;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Imaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaPlatform.Bench.Imaging;

/// <summary>What a run measured: pictures a second, each with its four sizes, as the median over the rounds.</summary>
/// <param name="Ours">Decode once, through the pool of child processes; facts, placeholder and colours included.</param>
/// <param name="Sharp">sharp from npm, once per size, at the best of its settings on this machine.</param>
/// <param name="SharpSetting">That setting.</param>
/// <param name="VipsThumbnail">vipsthumbnail, once per size, a process on each processor.</param>
/// <param name="OverSharp">Median over the rounds of ours ÷ sharp in the same round.</param>
/// <param name="OverVipsThumbnail">The same against vipsthumbnail.</param>
public sealed record RenderingResult(double Ours, double Sharp, string SharpSetting, double VipsThumbnail, double OverSharp, double OverVipsThumbnail);

/// <summary>12-megapixel JPEGs to JPEGs of 1280, 640, 400 and 320 pixels wide at quality 80, against the usual tools.</summary>
public static class RenderingBench
{
    /// <summary>Ours ÷ sharp must be at least this.</summary>
    public const double Bar = 1.3;

    private const int Pictures = 8;
    private const int Quality = 80;
    private static readonly int[] Widths = [1280, 640, 400, 320];

    /// <summary>Measures in interleaved rounds, so that a change of the machine's mood strikes all alike.</summary>
    /// <param name="rounds">Rounds; each renders <see cref="Pictures"/> pictures with each tool.</param>
    public static async Task<RenderingResult> Run(int rounds, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("mediaplatform-bench-").FullName;
        try
        {
            var files = SyntheticPhoto.Write(folder, Pictures);
            string[] child = ["dotnet", Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll"), DecoderProcess.Argument];
            await using var pool = new ImageDecoderPool(new ImagingOptions { Command = child }, NullLogger<ImageDecoderPool>.Instance);
            await using var sharp = await SharpRunner.Start(folder, files, Widths, Quality, cancellationToken);

            for (var warmUp = 0; warmUp < 3; warmUp++) await Ours(pool, files, folder, cancellationToken);
            var setting = await sharp.BestSetting(cancellationToken);

            List<(double Ours, double Sharp, double Thumbnail)> measured = [];
            for (var round = 0; round < rounds; round++)
            {
                var ours = Pictures / await Ours(pool, files, folder, cancellationToken);
                var theirs = Pictures / await sharp.Seconds(setting, cancellationToken);
                var thumbnail = Pictures / await VipsThumbnail(files, folder, cancellationToken);
                measured.Add((ours, theirs, thumbnail));
            }
            return new RenderingResult(
                Median(measured.Select(round => round.Ours)), Median(measured.Select(round => round.Sharp)), setting.ToString(),
                Median(measured.Select(round => round.Thumbnail)),
                Median(measured.Select(round => round.Ours / round.Sharp)), Median(measured.Select(round => round.Ours / round.Thumbnail)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> Ours(ImageDecoderPool pool, string[] files, string folder, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var outcomes = await Task.WhenAll(files.Select(file => pool.Render(new RenderRequest(file, new ImageLimits(50_000_000, 16_384),
            [.. Widths.Select(width => new RenditionSpec($"w{width}", RenditionFit.Width, width, Quality, Path.Combine(folder, $"ours-{Path.GetFileNameWithoutExtension(file)}-{width}")))]),
            cancellationToken)));
        var seconds = watch.Elapsed.TotalSeconds;
        if (Array.Find(outcomes, outcome => outcome.Fault is not null) is { } failed) throw new InvalidOperationException(failed.Fault!.Message);
        return seconds;
    }

    private static async Task<double> VipsThumbnail(string[] files, string folder, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(files.Chunk(files.Length / Environment.ProcessorCount).Select(async share =>
        {
            foreach (var width in Widths)
            {
                var start = new ProcessStartInfo("vipsthumbnail", ["-s", $"{width}x", "-o", Path.Combine(folder, $"vips-%s-{width}.jpg[Q={Quality},strip,optimize_coding]"), .. share]);
                start.Environment["VIPS_CONCURRENCY"] = "1";
                using var process = Process.Start(start)!;
                await process.WaitForExitAsync(cancellationToken);
                if (process.ExitCode != 0) throw new InvalidOperationException($"vipsthumbnail ended with {process.ExitCode}.");
            }
        }));
        return watch.Elapsed.TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
