using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Media;

/// <summary>Purges the assets of a client that have been in the trash for as long as the client keeps them.</summary>
internal sealed class PurgeTrash(ITransactions transactions, IMediaAssets assets, TimeProvider time) : IJobHandler
{
    private const int AtATime = 100;

    public string JobType => Domain.Jobs.JobType.TrashPurge.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var purged = await run.Stage("purge", async () =>
        {
            for (var total = 0; ;)
            {
                var found = await transactions.Run(PurgeSome, cancellationToken);
                total += found;
                if (found < AtATime) return total;
            }
        });
        run.Note("purge", $"{purged} assets purged.");
        return JobResult.Nothing;
    }

    private async Task<int> PurgeSome(CancellationToken cancellationToken)
    {
        var found = await assets.FindPurgeable(time.GetUtcNow(), AtATime, cancellationToken);
        foreach (var asset in found) await assets.Purge(asset, cancellationToken);
        return found.Count;
    }
}
