using System.Text.RegularExpressions;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Jobs;

internal sealed partial class CountingJobsTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    private const string Ends = "mediaplatform_job_ends_total";
    private const string Waiting = "mediaplatform_jobs_oldest_waiting_seconds";

    private sealed class Handler(string type, JobResult result) : IJobHandler
    {
        public string JobType => type;

        public Task<JobResult> Run(JobRun run, CancellationToken cancellationToken) => Task.FromResult(result);
    }

    [Test]
    public async Task An_end_is_counted_with_its_outcome_and_timed()
    {
        await Start(new Handler("COUNTED", JobResult.Nothing), new Handler("COUNTED_FAULT", new JobResult.Failed(new("NO_LUCK", "It did not work."), Retryable: true)));
        var done = await Platform.GivenJob(type: "COUNTED");
        await Owner.JobBecomes(done, "succeeded");
        await Owner.JobBecomes(await Platform.GivenJob(type: "COUNTED_FAULT", maxAttempts: 2), "dead");

        var figures = await FiguresWith("type=\"COUNTED_FAULT\"", "outcome=\"dead\"");

        Assert.Multiple(() =>
        {
            Assert.That(figures.Sum(Ends, "type=\"COUNTED\"", "outcome=\"succeeded\""), Is.EqualTo(1));
            Assert.That(figures.Sum("mediaplatform_job_duration_seconds_count", "type=\"COUNTED\"", "outcome=\"succeeded\""), Is.EqualTo(1));
            Assert.That(figures.Sum(Ends, "type=\"COUNTED_FAULT\"", "outcome=\"retried\""), Is.EqualTo(1));
            Assert.That(figures.Sum(Ends, "type=\"COUNTED_FAULT\"", "outcome=\"dead\""), Is.EqualTo(1));
            Assert.That(figures.Text, Does.Not.Contain(done.ToString()).And.Not.Contain(Owner.ClientId.ToString()));
        });
    }

    [Test]
    public async Task Ends_that_call_somebody_are_there_before_the_first_one()
    {
        await Start(new Handler("NEVER_RUN", JobResult.Nothing));

        var figures = await Eventually.Get("the type is told", async () => await Figures.Of(Platform.WorkerAddress) is var told && told.Sum(Ends, "type=\"NEVER_RUN\"") is not null ? told : null);

        Assert.That(figures.Sum(Ends, "type=\"NEVER_RUN\"", "outcome=\"dead\""), Is.Zero);
    }

    [Test]
    public async Task The_queue_is_told_across_clients_and_by_the_api_as_well()
    {
        await Platform.GivenJob(family: "generation", due: "now() - interval '2 hours'");
        await Platform.GivenJob(Platform.Stranger, family: "generation", due: "now() - interval '1 hour'");
        await Platform.GivenJob(family: "video", due: "now() + interval '1 hour'");
        await Platform.GivenMessages();

        // a fresh API: what one has read of the queue is kept for some seconds
        await Platform.Restart(new Dictionary<string, string?>());
        var figures = await Figures.Of(Platform.Address);

        Assert.Multiple(() =>
        {
            Assert.That(figures.Sum("mediaplatform_jobs", "family=\"generation\"", "type=\"TEST\"", "status=\"queued\""), Is.EqualTo(2));
            Assert.That(figures.Sum(Waiting, "family=\"generation\""), Is.EqualTo(7_200).Within(60));
            Assert.That(figures.Sum(Waiting, "family=\"video\""), Is.Zero, "one that is not due does not wait");
            Assert.That(figures.Sum("mediaplatform_job_wakeups_pending"), Is.EqualTo(3));
            Assert.That(figures.Text, Does.Not.Contain(Platform.Stranger.ClientId.ToString()));
        });
    }

    [Test]
    public async Task A_process_of_its_own_tells_its_broker_and_not_how_it_reaches_the_database()
    {
        using var child = ChildWorker.StartPlain(Platform, ("Broker__Enabled", "true"));
        var address = await child.Listening;
        var (asset, _) = await Platform.GivenSound();

        // A job that the poll has taken before its message left has none: so there is one more for each look.
        var figures = await Eventually.Get("a message was consumed", async () =>
        {
            await Owner.Post($"/media/{asset}/reprocess");
            return await Figures.Of(address) is var told && told.Sum("messaging_masstransit_consume_total") >= 1 ? told : null;
        });

        Assert.That(figures.Sum("db_client_operation_duration_seconds_count", "pool_name=\"mediaplatform-scheduler\""), Is.GreaterThanOrEqualTo(1));
        Assert.That(figures.Text, Does.Not.Contain("Host=").And.Not.Contain("Username=").And.Not.Contain(Owner.ClientId.ToString()));
    }

    [Test]
    public async Task Every_figure_of_an_alarm_is_one_that_there_is()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(Corpus.RepositoryRoot, "deploy", "alerts.yml"));
        var named = Figure().Matches(rules).Select(match => match.Value).Distinct().ToList();
        await Start();
        await Platform.GivenSound();

        Assert.That(named, Has.Count.GreaterThanOrEqualTo(6));
        await Eventually.Is($"there are {string.Join(", ", named)}", async () => await Figures.Of(Platform.WorkerAddress) is var worker && await Figures.Of(Platform.Address) is var api
            && named.All(name => (worker.Sum(name) ?? api.Sum(name)) is not null));
    }

    private async Task Start(params Handler[] handlers) => await Platform.StartWorker(services =>
    {
        foreach (var handler in handlers) services.AddSingleton<IJobHandler>(handler);
    });

    /// <summary>The end is counted just after it can be read.</summary>
    private Task<Figures> FiguresWith(params string[] labels) =>
        Eventually.Get("the end is counted", async () => await Figures.Of(Platform.WorkerAddress) is var told && told.Sum("mediaplatform_job_duration_seconds_count", labels) > 0 ? told : null);

    /// <summary>Of Npgsql's, some are there only when somebody has waited.</summary>
    [GeneratedRegex(@"\b(mediaplatform|http_server)_\w+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Figure();
}
