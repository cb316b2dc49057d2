using System.Collections.Concurrent;
using System.Diagnostics;

namespace MediaPlatform.Bench.Faults;

/// <summary>Kills the API, a worker, the broker, or two of them at once, at random moments, and starts each again after a random pause.</summary>
internal sealed class Killer(BenchPlatform platform, ProductProcess api, IReadOnlyList<ProductProcess> workers, Random random)
{
    private readonly Victim[] victims =
    [
        Of("API", 4, api),
        .. workers.Select(worker => Of("worker", 4, worker)),
        new("broker", 3, () => true, Broker.Kill, Broker.Start, () => Task.CompletedTask),
    ];

    private readonly ConcurrentBag<Task> watches = [];
    private double longestOrphan;

    /// <summary>Kills by kind, and how often two died at once.</summary>
    public SortedDictionary<string, int> Kills { get; } = new(StringComparer.Ordinal) { ["API"] = 0, ["worker"] = 0, ["broker"] = 0 };

    public int Pairs { get; private set; }

    /// <summary>Processes that ended though nobody killed them.</summary>
    public ConcurrentQueue<string> Collapses { get; } = [];

    /// <summary>The longest that a child of a killed worker lived on.</summary>
    public double LongestOrphanSeconds => longestOrphan;

    /// <summary>Kills for so long; returns when all is started again, and ready.</summary>
    public async Task Run(TimeSpan duration)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + 7 * random.NextDouble()));
            if (watch.Elapsed >= duration) break;
            RaiseTheFallen();
            var chosen = Choose(random.Next(5) == 0 ? 2 : 1);
            if (chosen.Count == 2) Pairs++;
            await Task.WhenAll(chosen.Select(victim => victim.Kill()));
            foreach (var victim in chosen)
            {
                Kills[victim.Kind]++;
                // some may be killed again half started
                victim.Revival = Revive(victim, TimeSpan.FromSeconds(0.1 + 3 * random.NextDouble()), waitsUntilReady: random.Next(4) > 0);
            }

            if (chosen.Exists(victim => victim.Kind == "worker")) watches.Add(WatchOrphans());
        }

        await Task.WhenAll(victims.Select(victim => victim.Revival));
        RaiseTheFallen();
        await Task.WhenAll(victims.Select(victim => victim.Revival));
        await Task.WhenAll([api.BecomesReady(), .. workers.Select(worker => worker.BecomesReady()), .. watches]);
    }

    private static Victim Of(string kind, int weight, ProductProcess process) => new(
        kind, weight, () => process.Id is not null, process.Kill,
        () =>
        {
            process.Start();
            return Task.CompletedTask;
        },
        process.BecomesReady);

    private void RaiseTheFallen()
    {
        foreach (var fallen in victims.Where(victim => victim.Revival.IsCompletedSuccessfully && !victim.Lives()))
        {
            Collapses.Enqueue($"a process ended by itself: {fallen.Kind}");
            fallen.Revival = Revive(fallen, TimeSpan.Zero, waitsUntilReady: true);
        }
    }

    private async Task Revive(Victim victim, TimeSpan pause, bool waitsUntilReady)
    {
        await Task.Delay(pause);
        await victim.Start();
        if (!waitsUntilReady) return;
        try
        {
            await victim.BecomesReady();
        }
        catch (InvalidOperationException exception)
        {
            Collapses.Enqueue(exception.Message);
        }
    }

    /// <summary>Of those that live.</summary>
    private List<Victim> Choose(int count)
    {
        List<Victim> chosen = [];
        while (chosen.Count < count && victims.Where(victim => victim.Revival.IsCompletedSuccessfully && !chosen.Contains(victim)).ToArray() is { Length: > 0 } living)
        {
            var at = random.Next(living.Sum(victim => victim.Weight));
            chosen.Add(living.First(victim => (at -= victim.Weight) < 0));
        }

        return chosen;
    }

    private async Task WatchOrphans()
    {
        var watch = Stopwatch.StartNew();
        while (platform.Orphans().Length > 0 && watch.Elapsed < TimeSpan.FromMinutes(1)) await Task.Delay(100);
        longestOrphan = Math.Max(longestOrphan, watch.Elapsed.TotalSeconds);
    }

    /// <param name="Weight">How often it is chosen, against the others.</param>
    private sealed record Victim(string Kind, int Weight, Func<bool> Lives, Func<Task> Kill, Func<Task> Start, Func<Task> BecomesReady)
    {
        public Task Revival { get; set; } = Task.CompletedTask;
    }
}
