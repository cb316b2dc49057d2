using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Search;

/// <summary>Makes search columns anew, some rows in each transaction, which keeps how far it is: an attempt goes on where the one before was killed.</summary>
internal sealed class RecomputeSearch(ITransactions transactions, ISearchReindexes reindexes) : IJobHandler
{
    internal const string SubjectType = "search_reindex";
    private const int AtATime = 200;

    public string JobType => Domain.Jobs.JobType.SearchReindex.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        if (run.Job.SubjectId is not { } id) return JobResult.Nothing;

        var done = await run.Stage("recompute", async () =>
        {
            while (true)
            {
                var soFar = await transactions.Run(ct => reindexes.Advance(id, AtATime, ct), cancellationToken);
                if (soFar is null or { IsDone: true }) return soFar;
                run.Progress = (int)(100 * soFar.Seen / Math.Max(1, soFar.Total));
            }
        });
        if (done is null) return JobResult.Nothing;

        run.Note("recompute", $"{done.Seen} rows, of which {done.Changed} had to be made anew.");
        return new JobResult.Succeeded(ct => reindexes.Remove(id, ct));
    }
}
