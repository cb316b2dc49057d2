using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Jobs;

/// <summary>Forgets finished jobs of a client: succeeded and cancelled ones after 24 hours, failed and dead ones after 30 days.</summary>
internal sealed class ExpireJobs(ITransactions transactions, IJobHistory history, TimeProvider time) : IJobHandler
{
    private const int AtATime = 1000;

    public string JobType => Domain.Jobs.JobType.JobExpire.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var forgotten = await run.Stage("forget", () => transactions.Repeat(ct => history.Forget(now.AddHours(-24), now.AddDays(-30), AtATime, ct), AtATime, cancellationToken));
        run.Note("forget", $"{forgotten} jobs forgotten.");
        return JobResult.Nothing;
    }
}

/// <summary>The finished jobs of the caller's client.</summary>
public interface IJobHistory
{
    /// <summary>Deletes what finished before; gives how many.</summary>
    Task<int> Forget(DateTimeOffset doneBefore, DateTimeOffset failedBefore, int limit, CancellationToken cancellationToken);
}
