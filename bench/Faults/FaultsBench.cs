using System.Diagnostics;
using MediaPlatform.Application.Access;

namespace MediaPlatform.Bench.Faults;

/// <summary>
/// Kills API, workers and broker with SIGKILL at random moments of a constant load, and then looks at every row and every object:
/// whether something was lost, was made twice, or lies about.
/// </summary>
public static class FaultsBench
{
    private const int Workers = 2;
    private const int VisitorsOfEach = 4;
    private const int Shown = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(5);
    private static readonly Guid OtherClient = new("0190bebe-0000-7000-8000-000000000002");

    private const string CountOpen = """
        select (select count(*) from jobs where status in ('queued', 'running'))
            + (select count(*) from job_outbox)
            + (select count(*) from uploads where status in ('open', 'received', 'verifying'))
            + (select count(*) from object_deletions)
            + (select count(*) from media_assets where status = 'processing')
        """;

    /// <param name="duration">How long processes are killed for; it takes some minutes more to settle.</param>
    /// <param name="seed">Of all that is left to chance here; what it happens to meet in the platform is not.</param>
    public static async Task<Measurement[]> Run(TimeSpan duration, int seed)
    {
        Console.Error.WriteLine($"Killing for {duration.TotalMinutes:0.#} minutes with --seed {seed}.");
        // the least that is allowed, so that uploads that a kill cut off are let go of within the run
        await using var platform = await BenchPlatform.Start("faults", settings: [new("Media__UploadExpiry", "00:01:00")]);
        var otherKey = ApiKeySecret.Create();
        await platform.AddClient(OtherClient, "other", otherKey);
        var specimens = new Specimens(platform.PathOf("photos"));
        var ledger = new Ledger();

        var api = await platform.StartApi();
        List<ProductProcess> workers = [];
        for (var worker = 0; worker < Workers; worker++) workers.Add(await platform.StartWorker());
        var killer = new Killer(platform, api, workers, new Random(seed));
        Visitor[] visitors =
        [
            .. Enumerable.Range(1, VisitorsOfEach).Select(number => new Visitor(api.Address, platform.ClientId, platform.Key, specimens, ledger, new Random(seed + number))),
            .. Enumerable.Range(1, VisitorsOfEach).Select(number => new Visitor(api.Address, OtherClient, otherKey, specimens, ledger, new Random(seed - number))),
        ];

        using var stop = new CancellationTokenSource();
        var visits = visitors.Select(visitor => visitor.Visit(Pause, stop.Token)).ToArray();
        await killer.Run(duration);
        await stop.CancelAsync();
        await Task.WhenAll(visits);
        foreach (var visitor in visitors) visitor.Dispose();

        var settled = await Settle(platform);
        var unfinished = await ClearUnfinishedFiles(platform, workers[0]);
        var exits = await Task.WhenAll(workers.Append(api).Select(process => process.Stop()));
        List<string> processes =
        [
            .. killer.Collapses,
            .. exits.Where(code => code != 0).Select(code => $"a process that was asked to stop ended with {code}"),
            .. platform.Orphans().Select(id => $"process {id} still runs"),
        ];

        Measurement[] lines =
        [
            new("faults: kills a minute", killer.Kills.Values.Sum() / duration.TotalMinutes, Bar.AtLeast(4),
                $"{string.Join(", ", killer.Kills.Select(kill => $"{kill.Value} of {kill.Key}"))}; {killer.Pairs} times two at once; seed {seed}"),
            new("faults: uploads answered a minute", ledger.Deposits.Sum(deposit => deposit.Uploads.Count) / duration.TotalMinutes, Bar.AtLeast(20),
                $"of 2 tenants with {VisitorsOfEach} clients each; {Workers} workers"),
            .. await Judge(platform, ledger),
            Count(platform, "faults: unfinished files left", unfinished, "of writers and attempts that were killed, once as old as the sweeps want"),
            Count(platform, "faults: processes ended or left over", processes, "that nobody killed; or after an orderly stop"),
            new("faults: child of a killed worker lived on, s", killer.LongestOrphanSeconds, Bar.Below(10), "the longest; decoders and ffmpeg"),
            new("faults: settled after, s", settled, Bar.Below(SettleLimit.TotalSeconds), "uploads expire after a minute, and maintenance comes once a minute"),
        ];
        if (platform.KeepsFolder) Console.Error.WriteLine($"Media and logs are kept in {platform.PathOf("")}.");
        return lines;
    }

    private static async Task<Measurement[]> Judge(BenchPlatform platform, Ledger ledger)
    {
        var inquest = new Inquest(platform, ledger);
        await inquest.Open();
        var answered = ledger.Deposits.Sum(deposit => deposit.Uploads.Count);
        var sent = ledger.Deposits.Sum(deposit => deposit.UploadsSent);
        var purged = ledger.Deposits.Sum(deposit => deposit.Purged.Count);
        return
        [
            Count(platform, "faults: lost", await inquest.Lost(), $"{answered} uploads answered, {sent} sent, since {ledger.Retries} requests got no answer; {purged} purged"),
            Count(platform, "faults: made twice", await inquest.Doubled(), $"{inquest.Assets} assets; {inquest.Jobs} jobs, {inquest.LostAttempts} attempts lost"),
            Count(platform, "faults: changes not in the log, or twice", await inquest.Unaudited(), "assets, uploads and jobs"),
            Count(platform, "faults: stray objects", inquest.Stray(), "in the media storage"),
            Count(platform, "faults: objects missing or damaged", inquest.Damaged(), "by length and hash; variants decoded"),
            Count(platform, "faults: jobs not done", inquest.Unfinished(), "dead, failed or stuck"),
            Count(platform, "faults: wrong answers", [.. ledger.WrongAnswers], "to requests that were fine"),
        ];
    }

    private static Measurement Count(BenchPlatform platform, string name, List<string> wrong, string details)
    {
        foreach (var what in wrong.Take(Shown)) Console.Error.WriteLine($"{name}: {what}");
        if (wrong.Count > Shown) Console.Error.WriteLine($"{name}: and {wrong.Count - Shown} more");
        platform.KeepsFolder |= wrong.Count > 0;
        return new(name, wrong.Count, Bar.Below(1), details);
    }

    /// <summary>Until nothing is to be done any more, or for as long as the limit.</summary>
    /// <returns>Seconds.</returns>
    private static async Task<double> Settle(BenchPlatform platform)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < SettleLimit && await platform.Sql<long>(CountOpen) > 0) await Task.Delay(500);
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Makes what killed processes left as old as the sweeps want it, and gives what they leave all the same.</summary>
    private static async Task<List<string>> ClearUnfinishedFiles(BenchPlatform platform, ProductProcess worker)
    {
        var incoming = Directory.CreateDirectory(Path.Combine(platform.StorageRoot, ".incoming"));
        var scratch = Directory.CreateDirectory(platform.ScratchRoot);
        var longAgo = DateTime.UtcNow.AddDays(-3);
        foreach (var left in incoming.GetFileSystemInfos().Concat(scratch.GetFileSystemInfos())) left.LastWriteTimeUtc = longAgo;

        await worker.Stop();
        worker.Start(); // clears the scratch folder; the clockwork clears the other once a minute
        await worker.BecomesReady();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(90) && incoming.EnumerateFiles().Any();) await Task.Delay(500);
        return [.. incoming.GetFileSystemInfos().Concat(scratch.GetFileSystemInfos()).Select(left => $"{left.FullName} is left")];
    }
}
