using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Tagging;

/// <summary>
/// Renames, merges or removes tags on many records, some in each transaction. What was rewritten bears the old tags no longer, so that an attempt
/// goes on where the one before was killed, and no record is written twice.
/// </summary>
internal sealed class RewriteTagsInBatches(ITransactions transactions, ITags tags) : IJobHandler
{
    internal const string SubjectType = "tag_rewrite";
    private const int AtATime = 200;
    private const int InARound = 200_000;

    public string JobType => Domain.Jobs.JobType.TagsRewrite.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        if (run.Job.SubjectId is not { } id || await tags.FindRewrite(id, cancellationToken) is not { } rewrite) return JobResult.Nothing;

        var done = await run.Stage("rewrite", async () =>
        {
            // again until there are none: others may have tagged more meanwhile
            for (var total = 0; ;)
            {
                var found = await tags.FindRecords(rewrite.FromTags, InARound, cancellationToken);
                if (found.Count == 0) return total;

                var batches = found.Chunk(AtATime).ToList();
                for (var i = 0; i < batches.Count; i++)
                {
                    total += await transactions.Run(ct => tags.Rewrite(batches[i], rewrite.FromTags, rewrite.IntoTag, ct), cancellationToken);
                    run.Progress = 100 * i / batches.Count;
                }
            }
        });
        run.Note("rewrite", $"{done} records rewritten.");
        return new JobResult.Succeeded(async ct =>
        {
            await tags.MoveDescription(rewrite.FromTags, rewrite.IntoTag, ct);
            await tags.Remove(rewrite, ct);
        });
    }
}
