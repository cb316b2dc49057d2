using MediaPlatform.Application.Jobs;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

internal sealed class FailingTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    private static readonly JobError Reason = new("NO_LUCK", "It did not work.");

    [Test]
    public async Task A_passing_fault_is_waited_out_ever_longer_and_then_the_job_succeeds()
    {
        var starts = new List<DateTimeOffset>();
        var handler = new TestHandler(async (run, _) =>
        {
            starts.Add(DateTimeOffset.UtcNow);
            await run.Stage("try", () => Task.FromResult(0), _ => run.Job.Attempt < 4 ? Reason : null);
            return run.Job.Attempt < 4 ? new JobResult.Failed(Reason, Retryable: true) : JobResult.Nothing;
        });
        await Platform.StartWorker(handler.Register, JobRows.With(("Worker:FirstBackoff", "00:00:00.2"), ("Worker:Poll", "00:00:00.05")));

        var job = await Owner.JobBecomes(await Platform.GivenJob(), "succeeded");

        Assert.That(job.Stages(), Is.EqualTo(new[] { "1:try:NO_LUCK", "2:try:NO_LUCK", "3:try:NO_LUCK", "4:try" }));
        Assert.That(job["error_code"], Is.Null);
        Assert.That(job["progress"]!.GetValue<int>(), Is.EqualTo(100));
        Assert.That(starts[1] - starts[0], Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(100)));
        Assert.That(starts[2] - starts[1], Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(200)));
        Assert.That(starts[3] - starts[2], Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(400)));
    }

    [Test]
    public async Task The_end_of_a_backoff_needs_no_poll()
    {
        var handler = new TestHandler((run, _) => Task.FromResult(run.Job.Attempt < 3 ? new JobResult.Failed(Reason, Retryable: true) : JobResult.Nothing));
        await Platform.StartWorker(handler.Register, JobRows.With(("Worker:FirstBackoff", "00:00:00.2"), ("Worker:Poll", "00:10:00")));
        var job = await Platform.GivenJob();
        await Platform.GivenMessages();

        Assert.That((await Owner.JobBecomes(job, "succeeded")).Attempts(), Is.EqualTo(3));
        Assert.That(await Platform.Count("job_outbox"), Is.Zero);
    }

    [Test]
    public async Task A_fault_that_stays_ends_the_job_at_once()
    {
        var handler = new TestHandler((_, _) => Task.FromResult<JobResult>(new JobResult.Failed(Reason, Retryable: false)));
        await Platform.StartWorker(handler.Register);

        var job = await Owner.JobBecomes(await Platform.GivenJob(), "failed");

        Assert.That(job.Attempts(), Is.EqualTo(1));
        Assert.That(job["error_code"]!.ToString(), Is.EqualTo("NO_LUCK"));
        Assert.That(job["error_message"]!.ToString(), Is.EqualTo("It did not work."));
    }

    [Test]
    public async Task A_truncated_picture_fails_with_its_stage_and_its_asset_with_its_reason()
    {
        await Platform.StartWorker();
        var whole = Samples.Png();
        var asset = (await Owner.Upload(whole[..^30], "cut.png", "image/png")).Id;

        var failed = await Owner.AssetBecomes(asset, "failed");
        var job = await Owner.Job(await Platform.JobOf(asset));

        Assert.That(job.Status(), Is.EqualTo("failed"), job.ToJsonString());
        Assert.That(job.Stages(), Does.Contain($"1:render:{job["error_code"]}"));
        Assert.That(failed["error"]?["code"]?.ToString() ?? failed["error_code"]?.ToString(), Is.EqualTo(job["error_code"]!.ToString()), failed.ToJsonString());
    }

    [Test]
    public async Task An_exception_is_tried_again_and_logged_once_an_attempt()
    {
        var handler = new TestHandler((run, _) => run.Job.Attempt == 1 ? throw new InvalidOperationException("secret detail") : Task.FromResult(JobResult.Nothing));
        await Platform.StartWorker(handler.Register);

        var job = await Owner.JobBecomes(await Platform.GivenJob(), "succeeded");

        Assert.That(job.Attempts(), Is.EqualTo(2));
        Assert.That(Platform.Logs.Count(line => line.Contains("secret detail", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(job.ToJsonString(), Does.Not.Contain("secret detail"));
    }

    [Test]
    public async Task A_result_that_cannot_be_written_is_a_failed_attempt()
    {
        var handler = new TestHandler((run, _) => Task.FromResult<JobResult>(
            new JobResult.Succeeded(_ => run.Job.Attempt == 1 ? throw new InvalidOperationException("refused") : Task.CompletedTask)));
        await Platform.StartWorker(handler.Register, JobRows.With(("Worker:Lease", "00:01:00")));

        var job = await Owner.JobBecomes(await Platform.GivenJob(), "succeeded"); // well before a lease would run out

        Assert.That(job.Attempts(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_job_that_is_out_of_attempts_is_dead()
    {
        var handler = new TestHandler((_, _) => Task.FromResult<JobResult>(new JobResult.Failed(Reason, Retryable: true)));
        await Platform.StartWorker(handler.Register);

        var job = await Owner.JobBecomes(await Platform.GivenJob(maxAttempts: 3), "dead");

        Assert.That(job.Attempts(), Is.EqualTo(3));
        Assert.That(handler.Runs, Has.Count.EqualTo(3));
        Assert.That(job["error_code"]!.ToString(), Is.EqualTo("NO_LUCK"));
    }

    [Test]
    public async Task An_original_that_is_gone_makes_the_job_dead_and_its_asset_failed()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(2))).Id;
        var job = await Platform.JobOf(asset);
        File.Delete(Path.Combine(Platform.StorageRoot, Platform.StoredKeys().Single()));

        await Platform.StartWorker(overrides: JobRows.With(("Worker:OutagePatience", "00:00:01")));

        Assert.That((await Owner.JobBecomes(job, "dead"))["error_code"]!.ToString(), Is.EqualTo("ORIGINAL_MISSING"));
        await Owner.AssetBecomes(asset, "failed");
    }

    [Test]
    public async Task A_type_that_no_handler_knows_waits_for_a_worker_that_does_and_dies_in_the_end()
    {
        await Platform.StartWorker();

        var job = await Owner.JobBecomes(await Platform.GivenJob(type: "OF_TOMORROW", maxAttempts: 2), "dead");

        Assert.That(job["error_code"]!.ToString(), Is.EqualTo("JOB_TYPE_UNKNOWN"));
        Assert.That(job.Attempts(), Is.EqualTo(2));
    }
}
