using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

internal sealed class ClaimingTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    [Test]
    public async Task One_job_of_a_tenant_is_not_behind_two_hundred_of_another()
    {
        await Platform.GivenJobs(200);
        var lone = await Platform.GivenJob(Platform.Stranger);
        var handler = new TestHandler(async (run, _) =>
        {
            // more come in all the time
            await Platform.GivenJob();
            return Application.Jobs.JobResult.Nothing;
        });

        await Platform.StartWorker(handler.Register, JobRows.With(("Worker:Concurrency:image", "1")));
        await Platform.Stranger.JobBecomes(lone, "succeeded");

        // with nothing running, chance decides between two tenants: after 40 turns the odds of never being picked are one in 10^12
        var turn = handler.Runs.TakeWhile(job => job.Id != lone).Count();
        Assert.That(turn, Is.LessThan(40));
    }

    [Test]
    public async Task A_tenant_that_runs_fewer_is_served_first()
    {
        const int slots = 6; // by chance alone the second worker would take these six in one of 64 runs
        var gate = new Gate();
        var handler = new TestHandler((_, stop) => gate.Pass(stop));
        await Platform.GivenJobs(200);
        await Platform.StartWorker(handler.Register, JobRows.With(("Worker:Concurrency:image", $"{slots}")));
        await Eventually.Is("the first tenant has all slots", () => Task.FromResult(gate.Arrived == slots));

        await Platform.GivenJobs(slots, Platform.Stranger);
        await using var second = await Platform.StartAnotherWorker(handler.Register, JobRows.With(("Worker:Concurrency:image", $"{slots}")));
        await Eventually.Is("the slots of the second worker are taken", () => Task.FromResult(gate.Arrived == 2 * slots));

        Assert.That(handler.Runs.Skip(slots).Select(job => job.ClientId), Is.All.EqualTo(Platform.Stranger.ClientId));
        gate.Open();
    }

    [Test]
    public async Task Two_workers_never_run_the_same_job()
    {
        var handler = new TestHandler();
        await Platform.GivenJobs(300);

        await Platform.StartWorker(handler.Register, JobRows.With(("Worker:Concurrency:image", "6")));
        await using var second = await Platform.StartAnotherWorker(handler.Register, JobRows.With(("Worker:Concurrency:image", "6")));
        await Eventually.Is("all are done", async () => await Platform.Count("jobs where status = 'succeeded'") == 300);

        Assert.That(handler.Runs, Has.Count.EqualTo(300));
        Assert.That(handler.Runs.Select(job => job.Id).Distinct().Count(), Is.EqualTo(300));
    }

    [Test]
    public async Task A_job_is_not_run_before_its_time_and_those_behind_it_do_not_wait()
    {
        var handler = new TestHandler();
        var later = await Platform.GivenJob(due: "now() + interval '1 hour'");
        var due = await Platform.GivenJob();

        await Platform.StartWorker(handler.Register);
        await Owner.JobBecomes(due, "succeeded");
        Assert.That((await Owner.Job(later)).Status(), Is.EqualTo("queued"));

        await Platform.Sql<object>($"update jobs set run_after = now() where id = '{later}'");
        await Owner.JobBecomes(later, "succeeded");
    }

    [Test]
    public async Task A_family_has_its_own_slots_and_no_more()
    {
        var gate = new Gate();
        var handler = new TestHandler((run, stop) => run.Job.MaxAttempts == 9 ? Task.FromResult(Application.Jobs.JobResult.Nothing) : gate.Pass(stop));
        await Platform.GivenJobs(5, family: "video");
        var picture = await Platform.GivenJob(family: "image", maxAttempts: 9);

        await Platform.StartWorker(handler.Register, JobRows.With(("Worker:Concurrency:video", "2"), ("Worker:Concurrency:image", "1")));
        await Eventually.Is("both slots of the videos are taken", () => Task.FromResult(gate.Arrived == 2));
        await Owner.JobBecomes(picture, "succeeded"); // slow videos never block pictures

        // several polls have passed when one more picture is done
        await Owner.JobBecomes(await Platform.GivenJob(family: "image", maxAttempts: 9), "succeeded");
        Assert.That(await Platform.Count("jobs where status = 'running'"), Is.EqualTo(2));
        Assert.That(gate.Arrived, Is.EqualTo(2));

        gate.Open();
        await Eventually.Is("the rest follows", async () => await Platform.Count("jobs where status = 'succeeded'") == 7);
    }

    [Test]
    public async Task A_family_without_slots_is_left_to_other_workers()
    {
        var handler = new TestHandler();
        var video = await Platform.GivenJob(family: "video");
        await Platform.StartWorker(handler.Register, JobRows.With(("Worker:Concurrency:video", "0")));
        await Owner.JobBecomes(await Platform.GivenJob(), "succeeded");
        Assert.That((await Owner.Job(video)).Status(), Is.EqualTo("queued"));

        await using var other = await Platform.StartAnotherWorker(handler.Register, JobRows.With(("Worker:Concurrency:video", "1")));
        await Owner.JobBecomes(video, "succeeded");
    }
}
