using System.Diagnostics;
using System.Net;
using MediaPlatform.Application.Media;
using MediaPlatform.Bench.Imaging;
using MediaPlatform.Infrastructure.Imaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaPlatform.Bench.Media;

/// <summary>
/// What it costs to be more than a renderer: 12-megapixel JPEGs through upload, hash, metadata, storage, queue and job to <c>ready</c>,
/// against the same decoder pool making the same variants of the same pictures.
/// </summary>
public static class IngestBench
{
    private const int Pictures = 64;
    private const int Rounds = 5;
    private const int WarmUps = 3;
    private const int Uploaders = 4;

    // as src/Application/Media/Recipes.cs has them
    private const int Quality = 82;
    private static readonly (string Preset, RenditionFit Fit, int Width)[] Presets = [("thumb", RenditionFit.Width, 400), ("preview", RenditionFit.LongestSide, 1440)];

    public static async Task<Measurement[]> Run(CancellationToken cancellationToken)
    {
        await using var platform = await BenchPlatform.Start("ingest");
        var photos = SyntheticPhoto.Write(Directory.CreateDirectory(platform.PathOf("photos")).FullName, Pictures / 2);
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll"), DecoderProcess.Argument];
        await using var pool = new ImageDecoderPool(new ImagingOptions { Command = command }, NullLogger<ImageDecoderPool>.Instance);
        var address = (await platform.StartApi()).Address;
        await platform.StartWorker();
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Add("X-Api-Key", platform.Key.Text);

        List<(double Alone, double Whole)> rounds = [];
        for (var round = -WarmUps; round < Rounds; round++)
        {
            var files = MakeUnlikeAnyBefore(photos, platform.PathOf($"round-{round}"), round);
            var alone = Pictures / await RenderAlone(pool, files, platform.PathOf("alone"), cancellationToken);
            var whole = Pictures / await Ingest(platform, http, files, cancellationToken);
            if (round >= 0) rounds.Add((alone, whole)); // those before compile what is hot
        }

        return
        [
            new("ingest of 12 MP JPEGs ÷ rendering alone", Measurement.Median(rounds.Select(round => round.Whole / round.Alone)), Bar.AtLeast(0.75),
                $"{Measurement.Median(rounds.Select(round => round.Whole)):0.00}/s from the first byte to the last variant, {Measurement.Median(rounds.Select(round => round.Alone)):0.00}/s alone; medians of {Rounds} rounds of {Pictures}, {Uploaders} uploads at once"),
        ];
    }

    /// <summary>Copies with a comment (COM) behind the first marker, so that each round's bytes are new to the platform and cost a decoder the same.</summary>
    private static string[] MakeUnlikeAnyBefore(string[] photos, string folder, int round)
    {
        Directory.CreateDirectory(folder);
        return [.. Enumerable.Range(0, Pictures).Select(number =>
        {
            var bytes = File.ReadAllBytes(photos[number % photos.Length]);
            var path = Path.Combine(folder, $"{number}.jpg");
            File.WriteAllBytes(path, [.. bytes.AsSpan(0, 2), 0xFF, 0xFE, 0, 4, (byte)(round + WarmUps), (byte)number, .. bytes.AsSpan(2)]);
            return path;
        })];
    }

    private static async Task<double> RenderAlone(ImageDecoderPool pool, string[] files, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var watch = Stopwatch.StartNew();
        var outcomes = await Task.WhenAll(files.Select((file, number) => pool.Render(
            new(file, Limits: null, [.. Presets.Select(preset => new RenditionSpec(preset.Preset, preset.Fit, preset.Width, Quality, Path.Combine(folder, $"{number}-{preset.Preset}")))]),
            cancellationToken)));
        var seconds = watch.Elapsed.TotalSeconds;
        if (Array.Find(outcomes, outcome => outcome.Fault is not null) is { } failed) throw new InvalidOperationException(failed.Fault!.Message);
        return seconds;
    }

    private static async Task<double> Ingest(BenchPlatform platform, HttpClient http, string[] files, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = Uploaders, CancellationToken = cancellationToken }, async (file, ct) =>
        {
            using var form = new MultipartFormDataContent { { new StreamContent(File.OpenRead(file)), "file", Path.GetFileName(file) } };
            using var response = await http.PostAsync(new Uri("/api/v1/media/upload", UriKind.Relative), form, ct);
            if (response.StatusCode is not HttpStatusCode.Created) throw new InvalidOperationException(await response.Content.ReadAsStringAsync(ct));
        });
        while (await platform.Sql<long>("select count(*) from media_assets where status = 'processing'") > 0) await Task.Delay(50, cancellationToken);
        var seconds = watch.Elapsed.TotalSeconds;
        var failed = await platform.Sql<long>("select count(*) from media_assets where status <> 'ready'");
        return failed == 0 ? seconds : throw new InvalidOperationException($"{failed} pictures did not become ready.");
    }
}
