using System.Diagnostics;
using System.Diagnostics.Metrics;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Infrastructure.Telemetry;

namespace MediaPlatform.Worker.Jobs;

/// <summary>What is told of one attempt at a job: how it ended, how long it took, and a span for whoever traces.</summary>
internal sealed class JobFigures : IDisposable
{
    /// <summary>The lease went to another.</summary>
    public const string Lost = "lost";

    /// <summary>The database did not take the end; the job is claimed again when its lease is over.</summary>
    private const string Unwritten = "unwritten";

    private static readonly Counter<long> Ends = PlatformTelemetry.Meter.CreateCounter<long>("mediaplatform.job.ends", "{attempt}", "How attempts at jobs ended.");

    private static readonly Histogram<double> Duration = PlatformTelemetry.Meter.CreateHistogram(
        "mediaplatform.job.duration", "s", "How long attempts at jobs took.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600] });

    private readonly long started = Stopwatch.GetTimestamp();
    private readonly ClaimedJob job;
    private readonly Activity? span;
    private bool isTold;

    public JobFigures(ClaimedJob job)
    {
        this.job = job;
        span = PlatformTelemetry.Spans.StartActivity($"job {job.Type}", ActivityKind.Consumer);
        span?.SetTag(SpanNames.JobType, job.Type).SetTag(SpanNames.JobId, job.Id).SetTag(SpanNames.JobAttempt, job.Attempt).SetTag(SpanNames.RequestId, job.RequestId);
    }

    /// <summary>Ends that call somebody are there from the start: the first of a series that was not there before is no increase.</summary>
    public static void Announce(IEnumerable<IJobHandler> handlers)
    {
        foreach (var handler in handlers)
        {
            foreach (var status in (ReadOnlySpan<JobStatus>)[JobStatus.Failed, JobStatus.Dead]) Count(handler.JobType, Names.Of(status), times: 0);
        }
    }

    /// <summary>The end of an attempt that nobody timed.</summary>
    public static void Count(ClaimedJob job, string outcome) => Count(job.Type, outcome, times: 1);

    /// <summary>The status, unless the job waits again: <c>retried</c> after a fault or an outage, <c>given_back</c> by a worker that stops.</summary>
    public static string OutcomeOf(JobEnd end) => end.Status is not JobStatus.Queued ? Names.Of(end.Status) : end.Error is null ? "given_back" : "retried";

    public void Ended(string outcome)
    {
        isTold = true;
        Count(job, outcome);
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new("type", job.Type), new("outcome", outcome));
        span?.SetTag(SpanNames.JobOutcome, outcome);
        if (outcome is "failed" or "dead" or "retried" or Unwritten) span?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose()
    {
        if (!isTold) Ended(Unwritten);
        span?.Dispose();
    }

    private static void Count(string type, string outcome, long times) => Ends.Add(times, new("type", type), new("outcome", outcome));
}
