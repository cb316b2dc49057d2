using MediaPlatform.Application.Jobs;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Jobs;

[Parallelizable(ParallelScope.Self)]
internal sealed class LeasesTests
{
    private Platform platform = null!;

    [SetUp]
    public async Task Start() => platform = await Platform.Start(overrides: JobRows.NoBroker);

    [TearDown]
    public async Task Stop() => await platform.DisposeAsync();

    [Test]
    public async Task What_a_killed_worker_was_at_is_finished_by_another()
    {
        var (asset, job) = await platform.GivenSound();
        using var victim = ChildWorker.StartWithHangingProbe(platform);
        await platform.IsProbing(job);

        await victim.Kill();
        await platform.StartWorker();
        await platform.Tenant.AssetBecomes(asset, "ready");

        var done = await platform.Tenant.Job(job);
        Assert.That(done.Attempts(), Is.EqualTo(2));
        Assert.That(done.Stages(), Is.EqualTo(new[] { "1:fetch", "1:probe", "1:lease", "2:fetch", "2:probe" }));
    }

    [Test]
    public async Task A_picture_that_a_killed_worker_was_at_is_finished_by_another()
    {
        var asset = (await platform.Tenant.Upload(Samples.Photo(), "photo.jpg")).Id;
        var job = await platform.JobOf(asset);
        using var victim = ChildWorker.StartWithHangingDecoder(platform);
        await platform.IsAt(job, "1:render");

        await victim.Kill();
        await platform.StartWorker();
        await platform.Tenant.AssetBecomes(asset, "ready");

        var done = await platform.Tenant.Job(job);
        Assert.That(done.Attempts(), Is.EqualTo(2));
        Assert.That(done.Stages(), Is.EqualTo(new[] { "1:fetch", "1:render", "1:lease", "2:fetch", "2:render", "2:store" }));
        Assert.That(platform.StoredKeys(), Has.Length.EqualTo(3), "the original, thumb and preview");
    }

    [Test]
    public async Task A_worker_that_slept_through_its_lease_cannot_complete()
    {
        var (asset, job) = await platform.GivenSound();
        using var sleeper = ChildWorker.StartWithHangingProbe(platform);
        await platform.IsProbing(job);

        await sleeper.Sleep(); // with the clockwork in its hands, which another has to take first
        await platform.StartWorker();
        await platform.Tenant.AssetBecomes(asset, "ready");
        var (done, stored) = ((await platform.Tenant.Job(job)).ToJsonString(), platform.StoredKeys());

        await sleeper.WakeUp();
        Assert.That(await sleeper.Terminate(), Is.Zero); // it has ended all that it was at

        Assert.That((await platform.Tenant.Job(job)).ToJsonString(), Is.EqualTo(done));
        Assert.That((await platform.Tenant.Job(job)).Attempts(), Is.EqualTo(2));
        Assert.That((await platform.Tenant.Get($"/media/{asset}")).Data.Status(), Is.EqualTo("ready"));
        Assert.That(platform.StoredKeys(), Is.EqualTo(stored));
    }

    [Test]
    public async Task A_result_without_the_lease_is_thrown_away()
    {
        var (gate, committed) = (new Gate(), 0);
        var handler = new TestHandler(async (_, stop) =>
        {
            await gate.Pass(stop);
            return new JobResult.Succeeded(_ => Task.FromResult(Interlocked.Increment(ref committed)));
        });
        await platform.StartWorker(handler.Register, JobRows.With(("Worker:Lease", "00:10:00"), ("Worker:Heartbeat", "00:04:00"), ("Worker:Concurrency:image", "1")));
        var job = await platform.GivenJob();
        await Eventually.Is("the handler has it", () => Task.FromResult(gate.Arrived == 1));

        await platform.Sql<object>($"update jobs set lease_token = gen_random_uuid(), attempts = 2 where id = '{job}'");
        gate.Open();
        await platform.Tenant.JobBecomes(await platform.GivenJob(), "succeeded"); // the only slot is free again

        Assert.That((await platform.Tenant.Job(job)).Status(), Is.EqualTo("running"));
        Assert.That(committed, Is.EqualTo(1), "the second job's alone");
    }

    [Test]
    public async Task A_handler_whose_lease_is_given_away_is_stopped()
    {
        var gate = new Gate();
        var stopped = new TaskCompletionSource();
        var handler = new TestHandler((_, stop) =>
        {
            stop.Register(stopped.SetResult);
            return gate.Pass(stop);
        });
        await platform.StartWorker(handler.Register);
        var job = await platform.GivenJob();
        await Eventually.Is("the handler has it", () => Task.FromResult(gate.Arrived == 1));

        await platform.Sql<object>($"update jobs set lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour' where id = '{job}'");
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That((await platform.Tenant.Job(job)).Status(), Is.EqualTo("running"));
    }

    [Test]
    public async Task A_worker_that_is_slow_but_alive_keeps_its_job()
    {
        var gate = new Gate();
        await platform.StartWorker(
            new TestHandler((_, stop) => gate.Pass(stop)).Register,
            JobRows.With(("Worker:Lease", "00:10:00"), ("Worker:Heartbeat", "00:04:00"), ("Worker:ScheduleEvery", "00:10:00")));
        var job = await platform.GivenJob();
        await platform.Tenant.JobBecomes(job, "running");
        await platform.Sql<object>($"update jobs set lease_until = now() - interval '1 second' where id = '{job}'");

        await using var scope = platform.WorkerServices.CreateAsyncScope();
        var found = (await scope.ServiceProvider.GetRequiredService<IJobQueue>().FindAbandoned(10, CancellationToken.None)).Single();
        await platform.Sql<object>($"update jobs set lease_until = now() + interval '1 minute' where id = '{job}'"); // a late heartbeat, just now
        await platform.WorkerServices.GetRequiredService<JobRunner>().EndAbandoned(scope.ServiceProvider, found);

        Assert.That((await platform.Tenant.Job(job)).Status(), Is.EqualTo("running"));
        gate.Open();
        Assert.That((await platform.Tenant.JobBecomes(job, "succeeded")).Attempts(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_job_that_takes_its_worker_along_each_time_is_dead_in_the_end()
    {
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(2))).Id;
        var job = await platform.JobOf(asset);
        await platform.Sql<object>(
            $"update jobs set status = 'running', attempts = 5, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where id = '{job}'");

        await platform.StartWorker();

        var dead = await platform.Tenant.JobBecomes(job, "dead");
        Assert.That(dead["error_code"]!.ToString(), Is.EqualTo("WORKER_LOST"));
        await platform.Tenant.AssetBecomes(asset, "failed");
    }
}
