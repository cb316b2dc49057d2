using System.Collections.Concurrent;
using System.Diagnostics;

namespace MediaPlatform.Bench.Reading;

/// <summary>Asks at a steady rate whatever the answers do, which wrk cannot.</summary>
internal static class PacedClient
{
    /// <summary>How long answers took, in milliseconds, fastest first, from the send to the last byte.</summary>
    public static async Task<double[]> Run(Uri address, string key, Func<string> path, int perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = address };
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        var took = new ConcurrentBag<double>();
        var asked = new List<Task>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration)
        {
            for (var due = (int)(watch.Elapsed.TotalSeconds * perSecond); asked.Count < due;) asked.Add(Ask());
            await Task.Delay(1, cancellationToken);
        }

        await Task.WhenAll(asked);
        return [.. took.Order()];

        async Task Ask()
        {
            var sent = Stopwatch.GetTimestamp();
            using var response = await http.GetAsync(new Uri(path(), UriKind.Relative), cancellationToken);
            took.Add(response.IsSuccessStatusCode ? Stopwatch.GetElapsedTime(sent).TotalMilliseconds : double.PositiveInfinity); // what is refused was never answered
        }
    }

    public static double Percentile(this double[] sorted, double part) => sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
}
