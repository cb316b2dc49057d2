using MediaPlatform.Application.Jobs;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Jobs;

internal sealed class LeasesTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    [Test]
    public async Task What_a_killed_worker_was_at_is_finished_by_another()
    {
        var (asset, job) = await Platform.GivenSound();
        using var victim = ChildWorker.StartWithHangingProbe(Platform);
        await Platform.IsProbing(job);

        await victim.Kill();
        await Platform.StartWorker();
        await Owner.AssetBecomes(asset, "ready");

        var done = await Owner.Job(job);
        Assert.That(done.Attempts(), Is.EqualTo(2));
        Assert.That(done.Stages(), Is.EqualTo(new[] { "1:fetch", "1:probe", "1:lease", "2:fetch", "2:probe" }));
    }

    [Test]
    public async Task A_picture_that_a_killed_worker_was_at_is_finished_by_another()
    {
        var asset = (await Owner.Upload(Samples.Photo(), "photo.jpg")).Id;
        var job = await Platform.JobOf(asset);
        using var victim = ChildWorker.StartWithHangingDecoder(Platform);
        await Platform.IsAt(job, "1:render");

        await victim.Kill();
        await Platform.StartWorker();
        await Owner.AssetBecomes(asset, "ready");

        var done = await Owner.Job(job);
        Assert.That(done.Attempts(), Is.EqualTo(2));
        Assert.That(done.Stages(), Is.EqualTo(new[] { "1:fetch", "1:render", "1:lease", "2:fetch", "2:render", "2:store" }));
        Assert.That(Platform.StoredKeys(), Has.Length.EqualTo(3), "the original, thumb and preview");
    }

    [Test]
    public async Task A_worker_that_slept_through_its_lease_cannot_complete()
    {
        var (asset, job) = await Platform.GivenSound();
        using var sleeper = ChildWorker.StartWithHangingProbe(Platform);
        await Platform.IsProbing(job);

        await sleeper.Sleep(); // with the clockwork in its hands, which another has to take first
        await Platform.StartWorker();
        await Owner.AssetBecomes(asset, "ready");
        var (done, stored) = ((await Owner.Job(job)).ToJsonString(), Platform.StoredKeys());

        await sleeper.WakeUp();
        Assert.That(await sleeper.Terminate(), Is.Zero); // it has ended all that it was at

        Assert.That((await Owner.Job(job)).ToJsonString(), Is.EqualTo(done));
        Assert.That((await Owner.Job(job)).Attempts(), Is.EqualTo(2));
        Assert.That((await Owner.Get($"/media/{asset}")).Data.Status(), Is.EqualTo("ready"));
        Assert.That(Platform.StoredKeys(), Is.EqualTo(stored));
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
        await Platform.StartWorker(handler.Register, JobRows.With(("Worker:Lease", "00:10:00"), ("Worker:Heartbeat", "00:04:00"), ("Worker:Concurrency:image", "1")));
        var job = await Platform.GivenJob();
        await Eventually.Is("the handler has it", () => Task.FromResult(gate.Arrived == 1));

        await Platform.Sql<object>($"update jobs set lease_token = gen_random_uuid(), attempts = 2 where id = '{job}'");
        gate.Open();
        await Owner.JobBecomes(await Platform.GivenJob(), "succeeded"); // the only slot is free again

        Assert.That((await Owner.Job(job)).Status(), Is.EqualTo("running"));
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
        await Platform.StartWorker(handler.Register);
        var job = await Platform.GivenJob();
        await Eventually.Is("the handler has it", () => Task.FromResult(gate.Arrived == 1));

        await Platform.Sql<object>($"update jobs set lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour' where id = '{job}'");
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That((await Owner.Job(job)).Status(), Is.EqualTo("running"));
    }

    [Test]
    public async Task A_worker_that_is_slow_but_alive_keeps_its_job()
    {
        var gate = new Gate();
        await Platform.StartWorker(
            new TestHandler((_, stop) => gate.Pass(stop)).Register,
            JobRows.With(("Worker:Lease", "00:10:00"), ("Worker:Heartbeat", "00:04:00"), ("Worker:ScheduleEvery", "00:10:00")));
        var job = await Platform.GivenJob();
        await Owner.JobBecomes(job, "running");
        await Platform.Sql<object>($"update jobs set lease_until = now() - interval '1 second' where id = '{job}'");

        await using var scope = Platform.WorkerServices.CreateAsyncScope();
        var found = (await scope.ServiceProvider.GetRequiredService<IJobQueue>().FindAbandoned(10, CancellationToken.None)).Single();
        await Platform.Sql<object>($"update jobs set lease_until = now() + interval '1 minute' where id = '{job}'"); // a late heartbeat, just now
        await Platform.WorkerServices.GetRequiredService<JobRunner>().EndAbandoned(scope.ServiceProvider, found);

        Assert.That((await Owner.Job(job)).Status(), Is.EqualTo("running"));
        gate.Open();
        Assert.That((await Owner.JobBecomes(job, "succeeded")).Attempts(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_job_that_takes_its_worker_along_each_time_is_dead_in_the_end()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(2))).Id;
        var job = await Platform.JobOf(asset);
        await Platform.Sql<object>(
            $"update jobs set status = 'running', attempts = 5, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where id = '{job}'");

        await Platform.StartWorker();

        var dead = await Owner.JobBecomes(job, "dead");
        Assert.That(dead["error_code"]!.ToString(), Is.EqualTo("WORKER_LOST"));
        await Owner.AssetBecomes(asset, "failed");
    }
}
