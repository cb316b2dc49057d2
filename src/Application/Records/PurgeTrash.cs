using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Records;

/// <summary>Purges what has been in a client's trash for as long as the client keeps it, whatever kind it is of.</summary>
internal sealed class PurgeTrash(ITransactions transactions, IEnumerable<ITrash> trash) : IJobHandler
{
    private const int AtATime = 100;
    private const string Reason = "retention";

    public string JobType => Domain.Jobs.JobType.TrashPurge.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        foreach (var kind in trash)
        {
            var purged = await run.Stage("purge", () => transactions.Repeat(ct => PurgeSome(kind, ct), AtATime, cancellationToken));
            run.Note("purge", $"{purged} of {kind.Kind.Entity} purged.");
        }

        return JobResult.Nothing;
    }

    private static async Task<int> PurgeSome(ITrash trash, CancellationToken cancellationToken)
    {
        var found = await trash.FindPurgeable(AtATime, cancellationToken);
        foreach (var id in found) await trash.Purge(id, Reason, cancellationToken);
        return found.Count;
    }
}
