using System.Diagnostics;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

internal sealed class StoppingTests : PlatformForEachTest
{
    [Test]
    public async Task A_job_in_the_middle_may_finish()
    {
        var gate = new Gate();
        await Platform.StartWorker(new TestHandler((_, stop) => gate.Pass(stop)).Register, JobRows.With(("Worker:StopGrace", "00:01:00")));
        var job = await Platform.GivenJob();
        await Eventually.Is("the job runs", () => Task.FromResult(gate.Arrived == 1));
        await Eventually.Is("the clockwork runs", async () => await Platform.Count(JobRows.LocksHeld) == 1);

        var stopping = Platform.StopWorker();
        await Eventually.Is("the clockwork has stopped", async () => await Platform.Count(JobRows.LocksHeld) == 0);
        await Platform.GivenJob(); // nobody begins this one any more
        gate.Open();
        await stopping;

        Assert.That((await Owner.Job(job)).Status(), Is.EqualTo("succeeded"));
        Assert.That(gate.Arrived, Is.EqualTo(1));
    }

    [Test]
    public async Task A_job_that_takes_longer_is_given_back_and_costs_no_attempt()
    {
        var gate = new Gate();
        await Platform.StartWorker(new TestHandler((_, stop) => gate.Pass(stop)).Register, JobRows.With(("Worker:StopGrace", "00:00:01")));
        var job = await Platform.GivenJob();
        await Eventually.Is("the job runs", () => Task.FromResult(gate.Arrived == 1));

        var started = Stopwatch.GetTimestamp();
        await Platform.StopWorker();

        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(10)), "the host would cut it off after 13");
        var back = await Owner.Job(job);
        Assert.That(back.Status(), Is.EqualTo("queued"));
        Assert.That(back.Attempts(), Is.Zero);

        await Platform.StartWorker(new TestHandler().Register, JobRows.With(("Worker:Poll", "00:10:00"))); // it was given back with a wake-up
        Assert.That((await Owner.JobBecomes(job, "succeeded")).Attempts(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_process_that_is_asked_to_stop_has_its_grace_and_gives_its_job_back()
    {
        var (_, job) = await Platform.GivenSound();
        using var worker = ChildWorker.StartWithHangingProbe(Platform);
        await Platform.IsProbing(job);

        var started = Stopwatch.GetTimestamp();
        Assert.That(await worker.Terminate(), Is.Zero);

        Assert.That(Stopwatch.GetElapsedTime(started), Is.GreaterThan(TimeSpan.FromSeconds(5)), "the whole of Worker:StopGrace");
        var back = await Owner.Job(job);
        Assert.That((back.Status(), back.Attempts()), Is.EqualTo(("queued", 0)));
    }

    [Test]
    public async Task Messages_that_wait_for_a_slot_do_not_hold_up_the_stop()
    {
        var gate = new Gate();
        await Platform.StartWorker(
            new TestHandler((_, stop) => gate.Pass(stop)).Register, JobRows.With(("Worker:StopGrace", "00:00:01"), ("Worker:Concurrency:image", "1")));
        await Platform.GivenJobs(3);
        await Eventually.Is("the slot is taken", () => Task.FromResult(gate.Arrived == 1));
        await Platform.GivenMessages();
        await Eventually.Is("all messages are with the broker", async () => await Platform.Count("job_outbox") == 0);
        await Platform.GivenMessages();
        await Eventually.Is("and more of them", async () => await Platform.Count("job_outbox") == 0);

        var started = Stopwatch.GetTimestamp();
        await Platform.StopWorker();

        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(10)), "the host would cut it off after 13");
        Assert.That(await Platform.Count("jobs where status = 'queued' and attempts = 0"), Is.EqualTo(3));
    }
}
