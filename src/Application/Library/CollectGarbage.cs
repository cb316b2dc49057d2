using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Library;

/// <summary>LIBRARY_GC: brings the stock media of a client below their budget: first those of providers that have more than their cap, then what was used longest ago.</summary>
internal sealed class CollectGarbage(ITransactions transactions, IStockEviction eviction, ILibraryBudget budget, LibraryOptions options) : IJobHandler
{
    private const int AtATime = 200;

    public string JobType => Domain.Jobs.JobType.LibraryGc.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        foreach (var usage in (await eviction.Usage(cancellationToken)).Where(usage => usage.Bytes > usage.CapBytes))
            await Evict(run, usage.Provider, usage.Bytes - usage.CapBytes!.Value, cancellationToken);

        if ((await budget.Find(cancellationToken)).Excess(options.EvictTo) is > 0 and var excess) await Evict(run, provider: null, excess, cancellationToken);
        return new JobResult.Succeeded(budget.ForgetWanted);
    }

    private async Task Evict(JobRun run, string? provider, long bytes, CancellationToken cancellationToken)
    {
        var (items, freed) = (0, 0L);
        await run.Stage("evict", async () =>
        {
            EvictionPlace? place = null;
            do
            {
                var evicted = await transactions.Run(ct => eviction.Evict(provider, bytes - freed, place, AtATime, ct), cancellationToken);
                (items, freed, place) = (items + evicted.Items, freed + evicted.Bytes, evicted.Next);
                run.Progress = (int)Math.Min(99, 100 * freed / bytes);
            }
            while (freed < bytes && place is not null);
            return Done.Instance;
        });
        run.Note("evict", $"{items} items{(provider is null ? "" : $" of {provider}")}, {freed} of {bytes} bytes.");
    }
}
