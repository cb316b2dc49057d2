using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Publication;

/// <summary>Finds out of the client's sets whether they are compilations, where what they show has changed; a read in between finds it out by itself.</summary>
internal sealed class RecalculateCompilations(ITransactions transactions, ISetMedia media) : IJobHandler
{
    private const int AtATime = 200;

    public string JobType => Domain.Jobs.JobType.SetCompilationRecalc.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var done = await run.Stage("recalculate", () => transactions.Repeat(ct => media.Recalculate(AtATime, ct), AtATime, cancellationToken));
        run.Note("recalculate", $"{done} sets looked at.");
        return JobResult.Nothing;
    }
}
