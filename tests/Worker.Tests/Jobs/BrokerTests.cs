using System.Net;
using System.Text.Json.Nodes;
using MassTransit;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Jobs;

internal sealed class BrokerTests
{
    private static readonly HttpClient Http = new();

    [Test]
    public async Task Messages_alone_wake_the_worker_and_one_that_says_nothing_does_nothing()
    {
        await using var platform = await Platform.Start();
        var handler = new TestHandler();
        await platform.StartWorker(handler.Register, JobRows.With(("Worker:Poll", "00:10:00")));
        await Eventually.Is("the worker has its queues", async () => await Broker(platform) == "up");

        var signal = platform.WorkerServices.GetRequiredService<IWorkSignal>();
        await signal.Send(JobFamily.Image, CancellationToken.None); // there is no job
        var queue = await platform.WorkerServices.GetRequiredService<IBus>()
            .GetSendEndpoint(new Uri($"exchange:{Queues.NameOf(platform.WorkerServices.GetRequiredService<BrokerOptions>(), JobFamily.Image)}"));
        await queue.Send(new WorkAvailable("family-of-tomorrow"));

        var job = await platform.GivenJob();
        await platform.GivenMessages();
        await platform.GivenMessages(); // the same again
        await platform.Tenant.JobBecomes(job, "succeeded");
        await signal.Send(JobFamily.Image, CancellationToken.None);
        var second = await platform.GivenJob();
        await platform.GivenMessages();
        await platform.Tenant.JobBecomes(second, "succeeded");

        Assert.That(handler.Runs.Select(run => run.Id), Is.EqualTo(new[] { job, second }));
    }

    [Test]
    public async Task A_broker_that_goes_away_delays_and_loses_nothing()
    {
        await using var line = new BrokerRelay();
        line.Mend();
        await using var platform = await Platform.Start(overrides: line.Settings);
        var handler = new TestHandler();
        await platform.StartWorker(handler.Register);
        await Eventually.Is("the worker has its queues", async () => await Broker(platform) == "up");

        await line.Cut();
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Expect(HttpStatusCode.Created).Id;
        await platform.Tenant.AssetBecomes(asset, "ready");
        await Eventually.Is("health says so", async () => await Broker(platform) == "down");
        Assert.That(await platform.Count("job_outbox"), Is.EqualTo(1));

        line.Mend();
        await Eventually.Is("what was kept is sent", async () => await platform.Count("job_outbox") == 0);
        var job = await platform.GivenJob();
        await platform.GivenMessages();
        await platform.Tenant.JobBecomes(job, "succeeded");

        Assert.That(handler.Runs, Has.Count.EqualTo(1));
        Assert.That((await platform.Tenant.Job(await platform.JobOf(asset))).Attempts(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_worker_that_starts_without_the_broker_works_and_finds_it_later()
    {
        await using var line = new BrokerRelay();
        await using var platform = await Platform.Start(overrides: line.Settings);
        await platform.StartWorker(new TestHandler().Register);

        await platform.Tenant.JobBecomes(await platform.GivenJob(), "succeeded");
        Assert.That(await Broker(platform), Is.EqualTo("down"));
        await platform.GivenJobs(1);
        await platform.GivenMessages();

        line.Mend();
        await Eventually.Is("what was kept is sent", async () => await platform.Count("job_outbox") == 0);
        await Eventually.Is("health says so", async () => await Broker(platform) == "up");
    }

    [Test]
    public async Task Without_a_broker_the_relay_wakes_the_slots_of_its_own_process()
    {
        await using var platform = await Platform.Start(overrides: JobRows.With(("Broker:Enabled", "false"), ("Worker:Poll", "00:10:00")));
        await platform.StartWorker();

        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;

        await platform.Tenant.AssetBecomes(asset, "ready");
        Assert.That(await platform.Count("job_outbox"), Is.Zero);
        Assert.That(await Broker(platform), Is.Null);
    }

    /// <summary>What the worker's readiness says of the broker; it stays 200 all the time.</summary>
    private static async Task<string?> Broker(Platform platform)
    {
        var answer = await Http.GetAsync(new Uri(platform.WorkerAddress, "/health/ready"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return report["dependencies"]!.AsArray().FirstOrDefault(one => one!["name"]!.ToString() == "broker")?.Status();
    }
}
