using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Domain.Tests.Jobs;

internal sealed class SteeringJobsTests
{
    private static readonly JobId Id = new(Guid.NewGuid());

    [TestCase(JobStatus.Queued, CancelEffect.AtOnce)]
    [TestCase(JobStatus.Running, CancelEffect.AskWorker)]
    [TestCase(JobStatus.Canceled, CancelEffect.Nothing)]
    [TestCase(JobStatus.Succeeded, null)]
    [TestCase(JobStatus.Failed, null)]
    [TestCase(JobStatus.Dead, null)]
    public void Canceling_stops_what_is_not_over(JobStatus status, CancelEffect? effect)
    {
        var result = JobLifecycle.Cancel(Id, status);

        Assert.That(result.Succeeded ? result.Value : (CancelEffect?)null, Is.EqualTo(effect));
        if (effect is null) Assert.That(result.Errors, Is.EqualTo(new[] { new JobAlreadyFinished(Id, status) }));
    }

    [TestCase(JobStatus.Failed, null)]
    [TestCase(JobStatus.Dead, null)]
    [TestCase(JobStatus.Canceled, null)]
    [TestCase(JobStatus.Queued, "JOB_STILL_LIVE")]
    [TestCase(JobStatus.Running, "JOB_STILL_LIVE")]
    [TestCase(JobStatus.Succeeded, "JOB_ALREADY_FINISHED")]
    public void Retrying_is_for_what_did_not_succeed_and_is_over(JobStatus status, string? code)
    {
        var result = JobLifecycle.Retry(Id, status);

        Assert.That(result.Succeeded ? null : result.Errors[0].Code, Is.EqualTo(code));
    }

    [TestCase(0, 0.0, 2.5)]
    [TestCase(3, 0.9999999, 5)]
    [TestCase(60, 0.0, 30)]
    [TestCase(60, 0.9999999, 60)]
    [TestCase(86_400, 0.9999999, 600)]
    public void An_outage_is_waited_out_for_as_long_again_up_to_ten_minutes(int lasting, double random, double seconds) =>
        Assert.That(JobLifecycle.OutageWait(TimeSpan.FromSeconds(lasting), TimeSpan.FromSeconds(5), random).TotalSeconds, Is.EqualTo(seconds).Within(0.001));

    [TestCase(1, 0.0, 2.5)]
    [TestCase(1, 0.9999999, 5)]
    [TestCase(2, 0.0, 5)]
    [TestCase(4, 0.5, 30)]
    [TestCase(8, 0.0, 300)]
    [TestCase(8, 0.9999999, 600)]
    [TestCase(1_000_000, 0.9999999, 600)]
    public void The_wait_doubles_within_its_upper_half_up_to_ten_minutes(int attempt, double random, double seconds) =>
        Assert.That(JobLifecycle.Backoff(attempt, TimeSpan.FromSeconds(5), random).TotalSeconds, Is.EqualTo(seconds).Within(0.001));
}
