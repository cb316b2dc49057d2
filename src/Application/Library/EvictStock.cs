using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Library;

/// <summary>Says what an eviction takes, and has it done unless it is only to be seen.</summary>
public sealed record EvictStock(bool Preview) : ICommand<EvictionPlan>;

/// <summary>What an eviction takes now.</summary>
/// <param name="Bytes">That are to be freed, so that the library is within its budget.</param>
/// <param name="Items">Those that go first, at most 200.</param>
/// <param name="Found">How many bytes can be freed, at least; less than <paramref name="Bytes"/> when too much is referred to. Of the first 10,000 items.</param>
/// <param name="Count">How many items go, of the first 10,000.</param>
/// <param name="Queued">Whether it is being done.</param>
public sealed record EvictionPlan(long Bytes, long Found, int Count, IReadOnlyList<EvictionCandidate> Items, bool Queued);

internal sealed class EvictStockHandler(IStockEviction eviction, ILibraryBudget budget, IJobs jobs, LibraryOptions options) : ICommandHandler<EvictStock, EvictionPlan>
{
    private const int Seen = 10_000;
    private const int Shown = 200;

    public async Task<Result<EvictionPlan>> Handle(EvictStock command, CancellationToken cancellationToken)
    {
        var items = new List<EvictionCandidate>();
        foreach (var usage in (await eviction.Usage(cancellationToken)).Where(usage => usage.Bytes > usage.CapBytes))
            items.AddRange(await eviction.Preview(usage.Provider, usage.Bytes - usage.CapBytes!.Value, Seen, cancellationToken));

        var ofCaps = items.Sum(item => item.Bytes);
        var excess = (await budget.Find(cancellationToken)).Excess(options.EvictTo) - ofCaps;
        if (excess > 0)
        {
            // those of the caps go first, and are not counted twice
            var rest = await eviction.Preview(provider: null, excess + ofCaps, Seen, cancellationToken);
            var (known, freed) = (items.Select(item => item.AssetId).ToHashSet(), 0L);
            foreach (var item in rest.Where(item => !known.Contains(item.AssetId)).TakeWhile(_ => freed < excess))
            {
                items.Add(item);
                freed += item.Bytes;
            }
        }

        if (!command.Preview) await jobs.Enqueue(StockIngest.Eviction, cancellationToken);
        return new EvictionPlan(ofCaps + Math.Max(0, excess), items.Sum(item => item.Bytes), items.Count, [.. items.Take(Shown)], Queued: !command.Preview);
    }
}
