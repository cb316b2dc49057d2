using System.Net;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;
using Npgsql;

namespace MediaPlatform.Worker.Tests.Library;

/// <summary>S2: when the database is away a gathering ends before any download, and nothing half-written is left.</summary>
internal sealed class FailingFastTests
{
    private StockSite site = null!;
    private Relay relay = null!;
    private Platform platform = null!;

    [SetUp]
    public async Task Start()
    {
        site = await StockSite.Start();
        site.Pexels.Photos = [new("1", 900, 600) { Tags = ["gull"], Bytes = Samples.Jpeg(8_801) }];
        platform = await Platform.Start(
            overrides: new Dictionary<string, string?>(site.Settings("Pexels"), StringComparer.Ordinal) { ["Stock:Timeout"] = "00:00:01", ["Stock:MaxRetries"] = "0" },
            reaching: database =>
            {
                var direct = new NpgsqlConnectionStringBuilder(database);
                relay = Relay.To(direct.Host!, direct.Port);
                return new NpgsqlConnectionStringBuilder(database) { Host = "127.0.0.1", Port = relay.Port, Timeout = 2 }.ConnectionString;
            });
    }

    [TearDown]
    public async Task Stop()
    {
        await platform.DisposeAsync();
        await relay.DisposeAsync();
        await site.DisposeAsync();
    }

    [Test]
    public async Task Without_the_database_nothing_is_begun_and_the_answer_says_try_again()
    {
        await relay.Close();
        var refused = await Gather();
        relay.Open();

        refused.ExpectProblem(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE");
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
        Assert.That((await platform.Count("manifests"), await platform.Count("jobs"), site.Pexels.Asked.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task A_database_that_goes_away_under_way_costs_an_attempt_and_leaves_nothing_half_written()
    {
        var id = (await Gather()).Expect(HttpStatusCode.Accepted).Data["manifest"]!["id"]!.GetValue<Guid>();
        site.Pexels.Reply(StockReply.Hang);
        await platform.StartWorker();
        await site.Pexels.Hanging();
        await relay.Close();
        await Eventually.Is("the worker has noticed", () => Task.FromResult(platform.Logs.Any(line => line.Contains("LIBRARY_GATHER", StringComparison.Ordinal))));
        Assert.That((site.Pexels.Downloaded.Count, platform.StoredKeys().Length), Is.EqualTo((0, 0)));
        relay.Open();

        var gathering = await Eventually.Get("it is gathered", async () =>
            await platform.Tenant.Get($"/manifests/{id}/gathering") is { Status: HttpStatusCode.OK } now && now.Data["status"]!.GetValue<string>() == "done" ? now.Data : null); // its connections have to be made anew

        Assert.That((await platform.Tenant.Get($"/manifests/{id}/entries")).Data.AsArray(), Has.Count.EqualTo(1), gathering.ToJsonString());
        Assert.That(site.Pexels.Downloaded, Has.Count.EqualTo(1));
    }

    private Task<Reply> Gather() => platform.Tenant.Post("/library/gather", new { Title = "Gulls", Segments = new[] { new { Key = "one", Tags = new[] { "gull" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } } } });
}
