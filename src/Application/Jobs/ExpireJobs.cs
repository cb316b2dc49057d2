
namespace MediaPlatform.Application.Jobs;

/// <summary>Forgets finished jobs of a client: succeeded and cancelled ones after 24 hours, failed and dead ones after 30 days.</summary>
internal sealed class ExpireJobs(IJobHistory history, TimeProvider time) : IJobHandler
{
    public string JobType => Domain.Jobs.JobType.JobExpire.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var forgotten = await run.Stage("forget", () => history.Forget(run.Job.ClientId, now.AddHours(-24), now.AddDays(-30), cancellationToken));
        run.Note("forget", $"{forgotten} jobs forgotten.");
        return JobResult.Nothing;
    }
}

/// <summary>The finished jobs.</summary>
public interface IJobHistory
{
    /// <summary>Deletes in batches what finished before; gives how many.</summary>
    Task<int> Forget(Guid clientId, DateTimeOffset doneBefore, DateTimeOffset failedBefore, CancellationToken cancellationToken);
}
