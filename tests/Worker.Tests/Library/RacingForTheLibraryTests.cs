using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Library;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Library;
using MediaPlatform.Domain.Media;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Library;

/// <summary>Gatherings, ingests and evictions at once.</summary>
internal sealed class RacingForTheLibraryTests() : PlatformForEachTest
{
    private StockSite site = null!;
    private static int numbers = 9_000;

    protected override async Task<Platform> Begin()
    {
        site = Held(await StockSite.Start());
        return await Platform.Start(overrides: new Dictionary<string, string?>(site.Settings("Pexels"), StringComparer.Ordinal)
        {
            ["Worker:FirstBackoff"] = "00:00:00.1", ["Worker:Concurrency:library"] = "8", ["Database:MaxPoolSize"] = "40", ["Library:ProcessingPatience"] = "00:00:30",
        });
    }

    [SetUp]
    public void Clear()
    {
        site.Pexels.Reset();
        (site.Pexels.Photos, site.Pexels.Videos) = ([], []);
    }

    [Test]
    public async Task Two_gatherings_of_one_file_at_once_make_one_asset_with_the_tags_of_both()
    {
        var bytes = Samples.Jpeg(Interlocked.Increment(ref numbers));
        site.Pexels.Photos = [new("1", 900, 600) { Tags = ["one"], Bytes = bytes }, new("2", 900, 600) { Tags = ["two"], Bytes = bytes }];
        var manifests = await Task.WhenAll(Gather("one"), Gather("two"));
        await Platform.StartWorker();

        foreach (var manifest in manifests) Assert.That((await Entries(manifest)).Count, Is.EqualTo(1));

        Assert.That(await Platform.Count("media_assets"), Is.EqualTo(1));
        Assert.That(await Platform.Sql<string[]>("select tags from media_assets"), Is.SupersetOf(new[] { "one", "two" }));
        Assert.That(await Platform.Count("library_items"), Is.EqualTo(1));
        await Eventually.Is("nothing is stored twice", () => Task.FromResult(Platform.StoredKeys().Length == 3));
        Assert.That((await Stats())["reserved_bytes"]!.GetValue<long>(), Is.EqualTo(0));
    }

    /// <summary>Each asks whether there is room before its bytes come; all ask at once.</summary>
    [Test]
    public async Task Fifty_reservations_at_once_never_exceed_the_quota()
    {
        const long each = 10_000_000;
        await GivenQuota((12 * each) + 1);

        var kept = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            await using var scope = Platform.ApiServices.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallContext>().Caller = new Caller(Owner.ClientId, ActorKind.System, ActorId: null, Role.Owner, "test");
            var budget = scope.ServiceProvider.GetRequiredService<ILibraryBudget>();
            return await scope.ServiceProvider.GetRequiredService<ITransactions>().Run(ct => budget.Reserve(new UploadId(Guid.CreateVersion7()), each, ct), CancellationToken.None);
        })));

        Assert.That(kept.Count(one => one), Is.EqualTo(12));
        Assert.That((await Stats())["reserved_bytes"]!.GetValue<long>(), Is.EqualTo(12 * each));
    }

    [Test]
    public async Task Fifty_ingests_at_once_never_exceed_the_quota_and_are_refused_beyond_it()
    {
        var sizes = 300_000;
        site.Pexels.Photos = [.. Enumerable.Range(1, 50).Select(i => new StockPhoto($"{i}", 900, 600) { Tags = [$"t{i}"], Bytes = Samples.LargeJpeg(sizes, Interlocked.Increment(ref numbers)) })];
        var quota = LibraryBudget.ForVariants + (10L * sizes); // for fewer than eleven, and for one at a time to be made variants of
        await GivenQuota(quota);
        foreach (var i in Enumerable.Range(1, 50)) await Gather($"t{i}");
        var most = 0L;
        using var stop = new CancellationTokenSource();
        var watching = Watch(() => most, value => most = value, stop.Token);
        await Platform.StartWorker();

        await Eventually.Is("all are done", async () => await Platform.Count("gathers where status = 'running'") == 0);
        await stop.CancelAsync();
        await watching;

        Assert.That(most, Is.LessThanOrEqualTo(quota).And.GreaterThan(0), "used and reserved, at any time");
        Assert.That(await Platform.Count("gathers where shortages @> '[{\"reasons\": [\"LIBRARY_QUOTA_EXCEEDED\"]}]'"), Is.GreaterThan(0));
        Assert.That((await Stats())["used_bytes"]!.GetValue<long>(), Is.EqualTo(await Platform.Sql<long>("select coalesce(sum(size_bytes), 0)::bigint from (select size_bytes from media_assets union all select size_bytes from media_variants) stored")));
    }

    [Test]
    public async Task An_eviction_under_a_running_gathering_removes_nothing_of_it()
    {
        var (here, old) = (Enumerable.Range(0, 4).Select(_ => Stock("reef")).ToArray(), Enumerable.Range(0, 20).Select(_ => Stock("old")).ToArray());
        await Platform.GivenItems(Owner, [.. here, .. old]);
        site.Pexels.Photos = [.. Enumerable.Range(1, 6).Select(i => new StockPhoto($"{i}", 900, 600) { Tags = ["reef"], Bytes = Samples.Jpeg(Interlocked.Increment(ref numbers)) })];
        var manifest = await Gather("reef", least: 10);
        await Platform.StartWorker();
        await GivenQuota(20_000_000); // downloads find room, and all that is old is above the budget's share
        await Platform.Sql<object>("insert into library_usage_changes (client_id, provider, items, bytes) select id, 'pexels', 0, 19000000 from clients where slug like 'first%'");
        var evicting = Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++) await Owner.Post("/library/gc");
        });

        await Platform.Sql<object>("insert into library_usage_changes (client_id, provider, items, bytes) select id, 'pexels', 0, -19000000 from clients where slug like 'first%'");
        var entries = await Entries(manifest);
        await evicting;
        await Eventually.Is("the evictions are done", async () => await Platform.Count("jobs where type = 'LIBRARY_GC' and status in ('queued', 'running')") == 0);

        Assert.That(entries.Select(entry => entry!["library_id"]?.GetValue<Guid>()), Has.None.Null);
        Assert.That(await Platform.Count($"manifest_entries where manifest_id = '{manifest}' and asset_id is null"), Is.EqualTo(0));
        Assert.That(await Platform.Count($"manifest_entries entry join media_assets asset on asset.id = entry.asset_id where manifest_id = '{manifest}'"), Is.EqualTo(entries.Count));
    }

    private static LibraryItem Stock(string tag) => new LibraryItem(tag) { UsedAt = DateTimeOffset.UtcNow.AddDays(-90), Size = 1_000 }.Of("pexels");

    private async Task<Guid> Gather(string tag, int least = 1) =>
        (await Owner.Post("/library/gather", new { Title = tag, Segments = new[] { new { Key = "one", Tags = new[] { tag }, Videos = new { Limit = 0 }, Images = new { MinMatches = least, Limit = least } } } })).Expect(HttpStatusCode.Accepted).Data["manifest"]!["id"]!.GetValue<Guid>();

    private async Task<JsonArray> Entries(Guid manifest)
    {
        await Eventually.Is("it is gathered", async () => (await Owner.Get($"/manifests/{manifest}/gathering")).Data["status"]!.GetValue<string>() == "done");
        return (await Owner.Get($"/manifests/{manifest}/entries")).Data.AsArray();
    }

    private async Task GivenQuota(long bytes) => (await Owner.Patch($"/clients/{Owner.ClientId}", new { LibraryQuotaBytes = bytes })).Expect(HttpStatusCode.OK);

    private async Task<JsonNode> Stats() => (await Owner.Get("/library/stats")).Expect(HttpStatusCode.OK).Data;

    private Task Watch(Func<long> most, Action<long> raise, CancellationToken stop) => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            var taken = await Platform.Sql<long>("""
                select (coalesce((select sum(bytes) from library_usage), 0) + coalesce((select sum(bytes) from library_usage_changes), 0) + coalesce((select sum(bytes) from library_reservations), 0))::bigint
                """);
            if (taken > most()) raise(taken);
        }
    }, CancellationToken.None);
}
