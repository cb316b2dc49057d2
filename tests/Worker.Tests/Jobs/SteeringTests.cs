using System.Net;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

internal sealed class SteeringTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    [Test]
    public async Task Jobs_are_listed_and_filtered_and_belong_to_their_tenant()
    {
        var video = await Platform.GivenJob(family: "video");
        var picture = await Platform.GivenJob();
        await Platform.GivenJob(Platform.Stranger);

        Assert.That(await Listed("/jobs"), Is.EqualTo(new[] { picture, video }));
        Assert.That(await Listed("/jobs?family=video"), Is.EqualTo(new[] { video }));
        Assert.That(await Listed("/jobs?status=running"), Is.Empty);
        (await Platform.Stranger.Get($"/jobs/{picture}")).ExpectProblem(HttpStatusCode.NotFound, "JOB_NOT_FOUND");
        (await Platform.Stranger.Post($"/jobs/{picture}/cancel")).ExpectProblem(HttpStatusCode.NotFound, "JOB_NOT_FOUND");
        (await Platform.Stranger.Post($"/jobs/{picture}/retry")).ExpectProblem(HttpStatusCode.NotFound, "JOB_NOT_FOUND");
    }

    [Test]
    public async Task The_summary_counts_by_type_and_status()
    {
        await Platform.GivenJobs(3);
        await Owner.Post($"/jobs/{await Platform.GivenJob()}/cancel");

        var counts = (await Owner.Get("/jobs/summary")).Data.AsArray().ToDictionary(row => row!.Status(), row => row!["count"]!.GetValue<int>());

        Assert.That(counts, Is.EquivalentTo(new Dictionary<string, int> { ["queued"] = 3, ["canceled"] = 1 }));
    }

    [Test]
    public async Task A_queued_job_is_canceled_at_once_and_its_asset_fails_until_it_is_retried()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(1))).Id;
        var job = await Platform.JobOf(asset);

        var canceled = (await Owner.Post($"/jobs/{job}/cancel")).Expect(HttpStatusCode.OK).Data;
        Assert.That(canceled.Status(), Is.EqualTo("canceled"));
        var failed = (await Owner.Get($"/media/{asset}")).Data;
        Assert.That(failed.Status(), Is.EqualTo("failed"));
        Assert.That(failed.ToJsonString(), Does.Contain("JOB_CANCELED"));
        (await Owner.Post($"/jobs/{job}/cancel")).Expect(HttpStatusCode.OK); // twice is the same as once

        (await Owner.Post($"/jobs/{job}/retry")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/media/{asset}")).Data.Status(), Is.EqualTo("processing"));
        await Platform.StartWorker();
        await Owner.AssetBecomes(asset, "ready");
    }

    [Test]
    public async Task An_asset_that_was_ready_is_so_again_with_a_warning_when_its_reprocessing_is_canceled_or_fails()
    {
        await Platform.StartWorker();
        var asset = (await Owner.Upload(Samples.Jpeg(1))).Id;
        var ready = await Owner.AssetBecomes(asset, "ready");
        await Platform.StopWorker();

        await Owner.Post($"/media/{asset}/reprocess");
        (await Owner.Post($"/jobs/{await Platform.JobOf(asset)}/cancel")).Expect(HttpStatusCode.OK);
        await Owner.Post($"/media/{asset}/reprocess");
        (await Owner.Post($"/jobs/{await Platform.JobOf(asset)}/cancel")).Expect(HttpStatusCode.OK);
        var canceled = (await Owner.Get($"/media/{asset}")).Data;
        Assert.That(canceled.Status(), Is.EqualTo("ready"));
        Assert.That(canceled["variants"]!.AsArray(), Has.Count.EqualTo(ready["variants"]!.AsArray().Count));
        Assert.That(Warnings(canceled), Is.EqualTo(new[] { "JOB_CANCELED" }), "once, however often");

        await Owner.Post($"/media/{asset}/reprocess");
        var job = await Platform.JobOf(asset);
        await Platform.Sql<object>($"update jobs set status = 'running', attempts = 5, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where id = '{job}'");
        await Platform.StartWorker();
        Assert.That(Warnings(await Owner.AssetBecomes(asset, "ready")), Is.EqualTo(new[] { "JOB_CANCELED", "WORKER_LOST" }));

        (await Owner.Post($"/jobs/{job}/retry")).Expect(HttpStatusCode.OK);
        await Owner.JobBecomes(job, "succeeded");
        Assert.That(Warnings((await Owner.Get($"/media/{asset}")).Data), Is.Empty);

        static string[] Warnings(System.Text.Json.Nodes.JsonNode asset) => [.. asset["processing_warnings"]!.AsArray().Select(warning => warning!["code"]!.ToString())];
    }

    [Test]
    public async Task A_running_job_stops_within_a_heartbeat()
    {
        var gate = new Gate();
        await Platform.StartWorker(new TestHandler((run, stop) => run.Stage("wait", () => gate.Pass(stop))).Register);
        var job = await Platform.GivenJob();
        await Owner.JobBecomes(job, "running");

        var asked = (await Owner.Post($"/jobs/{job}/cancel")).Expect(HttpStatusCode.OK).Data;
        Assert.That(asked["cancel_requested_at"], Is.Not.Null);
        var canceled = await Owner.JobBecomes(job, "canceled");

        Assert.That(canceled["error_code"]!.ToString(), Is.EqualTo("JOB_CANCELED"));
        Assert.That(canceled.Stages(), Is.EqualTo(new[] { "1:wait:STOPPED" }));
        var took = canceled["finished_at"]!.GetValue<DateTimeOffset>() - asked["cancel_requested_at"]!.GetValue<DateTimeOffset>();
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(8)));
    }

    [Test]
    public async Task A_canceled_job_whose_attempt_fails_is_not_tried_again()
    {
        var gate = new Gate();
        var handler = new TestHandler(async (_, _) =>
        {
            await gate.Pass(CancellationToken.None);
            return new JobResult.Failed(new("NO_LUCK", "It did not work."), Retryable: true);
        });
        await Platform.StartWorker(handler.Register, JobRows.With(("Worker:Lease", "00:10:00"), ("Worker:Heartbeat", "00:04:00"), ("Worker:FirstBackoff", "00:05:00")));
        var job = await Platform.GivenJob();
        await Owner.JobBecomes(job, "running");

        await Owner.Post($"/jobs/{job}/cancel"); // no heartbeat hears of it before the attempt ends
        gate.Open();

        var canceled = await Owner.JobBecomes(job, "canceled");
        Assert.That(canceled["error_code"]!.ToString(), Is.EqualTo("JOB_CANCELED"));
    }

    [Test]
    public async Task What_is_finished_cannot_be_canceled_and_what_lives_cannot_be_retried()
    {
        var gate = new Gate();
        await Platform.StartWorker(new TestHandler((run, stop) => run.Job.MaxAttempts == 9 ? gate.Pass(stop) : Task.FromResult(JobResult.Nothing)).Register);
        var done = await Platform.GivenJob();
        await Owner.JobBecomes(done, "succeeded");
        var running = await Platform.GivenJob(maxAttempts: 9);
        await Owner.JobBecomes(running, "running");
        var queued = await Platform.GivenJob(due: "now() + interval '1 hour'");

        (await Owner.Post($"/jobs/{done}/cancel")).ExpectProblem(HttpStatusCode.Locked, "JOB_ALREADY_FINISHED");
        (await Owner.Post($"/jobs/{done}/retry")).ExpectProblem(HttpStatusCode.Locked, "JOB_ALREADY_FINISHED");
        (await Owner.Post($"/jobs/{running}/retry")).ExpectProblem(HttpStatusCode.Locked, "JOB_STILL_LIVE");
        (await Owner.Post($"/jobs/{queued}/retry")).ExpectProblem(HttpStatusCode.Locked, "JOB_STILL_LIVE");
        gate.Open();
    }

    [Test]
    public async Task A_retried_job_begins_anew_and_keeps_what_happened_before()
    {
        var lucky = false;
        var handler = new TestHandler(async (run, _) =>
        {
            var error = lucky ? null : new JobError("NO_LUCK", "It did not work.");
            await run.Stage("try", () => Task.FromResult(0), _ => error);
            return error is null ? JobResult.Nothing : new JobResult.Failed(error, Retryable: run.Job.Attempt < 2);
        });
        await Platform.StartWorker(handler.Register);
        var job = await Platform.GivenJob();
        await Owner.JobBecomes(job, "failed");

        lucky = true;
        (await Owner.Post($"/jobs/{job}/retry")).Expect(HttpStatusCode.OK);
        var done = await Owner.JobBecomes(job, "succeeded");

        Assert.That(done.Attempts(), Is.EqualTo(1));
        Assert.That(done["error_code"], Is.Null);
        Assert.That(done.Stages(), Is.EqualTo(new[] { "1:try:NO_LUCK", "2:try:NO_LUCK", "1:try" }));
    }

    [Test]
    public async Task Many_are_retried_by_type_and_status_and_those_that_are_not_over_are_left()
    {
        foreach (var status in new[] { "failed", "dead", "canceled", "succeeded" }) await Platform.Sql<object>(
            $"""
            insert into jobs (client_id, id, type, family, status, max_attempts, attempts, run_after, created_at, updated_at, finished_at)
            values ('{Owner.ClientId}', gen_random_uuid(), '{(status == "dead" ? "OTHER" : "TEST")}', 'image', '{status}', 5, 5, now(), now(), now(), now())
            """);

        Assert.That(await Retried(new { Type = "TEST", Status = "failed" }), Is.EqualTo(1));
        Assert.That(await Retried(new { Type = "OTHER" }), Is.EqualTo(1));
        Assert.That(await Retried(new { }), Is.EqualTo(1));
        Assert.That(await Platform.Count("jobs where status = 'queued' and attempts = 0"), Is.EqualTo(3));
        Assert.That(await Platform.Count("jobs where status = 'succeeded'"), Is.EqualTo(1));
        Assert.That(await Platform.Count("job_outbox"), Is.EqualTo(3));
    }

    [TestCase("succeeded")]
    [TestCase("running")]
    [TestCase("queued")]
    public async Task Only_what_failed_died_or_was_canceled_can_be_asked_for(string status)
    {
        await Platform.StartWorker(new TestHandler().Register);
        await Owner.JobBecomes(await Platform.GivenJob(), "succeeded");

        var refused = await Owner.Post("/jobs/retry", new { Status = status });

        Assert.That((int)refused.Status, Is.InRange(400, 422), refused.Text);
        Assert.That(refused.Text, Does.Contain("failed, dead or canceled"));
    }

    [Test]
    public async Task Reprocessing_waits_for_a_job_that_is_just_ending_and_does_not_lock_up_with_it()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(3))).Id;
        var job = await Platform.JobOf(asset);
        await using var worker = new Npgsql.NpgsqlConnection(Platform.Database);
        await worker.OpenAsync();
        await using var ending = await worker.BeginTransactionAsync();
        await Execute($"update jobs set status = 'succeeded', finished_at = now() where id = '{job}'");

        var reprocess = Owner.Post($"/media/{asset}/reprocess");
        await Eventually.Is("the request waits for the job", async () => await Platform.Count("pg_locks where not granted") > 0);
        await Execute($"update media_assets set status = 'ready' where id = '{asset}'");
        await ending.CommitAsync();

        Assert.That((await reprocess).Data.Status(), Is.EqualTo("processing"));
        Assert.That(await Platform.Count($"jobs where subject_id = '{asset}' and status = 'queued'"), Is.EqualTo(1));

        async Task Execute(string sql)
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, worker, ending);
            await command.ExecuteNonQueryAsync();
        }
    }

    private async Task<int> Retried(object body) => (await Owner.Post("/jobs/retry", body)).Expect(HttpStatusCode.OK).Data["ids"]!.AsArray().Count;

    private async Task<Guid[]> Listed(string path) => [.. (await Owner.Get(path)).Data.AsArray().Select(job => job!["id"]!.GetValue<Guid>())];
}
