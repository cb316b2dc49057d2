using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Library;

/// <summary>
/// Looks for folders of renditions that no asset of any client has, for an operator: they lie together, and whose they were nobody can say. A folder is orphaned when neither an asset has it, in the trash
/// or not, nor a row refers to anything in it; an asset never comes back, so that such a folder stays nobody's.
/// </summary>
/// <param name="Quarantine">Has them deleted by the first of these after <see cref="LibraryOptions.Quarantine"/>.</param>
/// <param name="Seen">Told how many folders were looked at.</param>
public sealed record VerifyRenditions(bool Quarantine, Action<long> Seen) : IOperation<StrayReport>;

/// <summary>What was found.</summary>
/// <param name="Seen">Folders that were looked at.</param>
/// <param name="Count">Those that nobody has.</param>
/// <param name="Folders">The first 1,000 of these.</param>
/// <param name="Cleared">Those of before that are somebody's, or gone.</param>
/// <param name="Deleted">Those of before that were let go.</param>
public sealed record StrayReport(long Seen, long Count, IReadOnlyList<StrayFolder> Folders, int Cleared, int Deleted);

/// <summary>A folder of renditions that nobody has.</summary>
public sealed record StrayFolder(string StorageProvider, string StorageFolder, long Objects, long Bytes);

/// <summary>Folders of renditions of all clients.</summary>
public interface IStrayRenditions
{
    /// <summary>Those that nobody has of some; it looks at all assets, so that many are asked for at once.</summary>
    Task<IReadOnlyList<string>> Unknown(string provider, IReadOnlyList<string> folders, CancellationToken cancellationToken);

    Task Report(IReadOnlyList<StrayFolder> folders, DateTimeOffset? deleteAfter, CancellationToken cancellationToken);

    /// <summary>Those of a store that were quarantined for long enough.</summary>
    Task<IReadOnlyList<string>> Due(string provider, int atMost, CancellationToken cancellationToken);

    /// <summary>Looks at them once more, and lets go of those that nobody has still; gives how many.</summary>
    Task<int> Settle(string provider, IReadOnlyList<string> folders, CancellationToken cancellationToken);
}

internal sealed class VerifyRenditionsHandler(ITransactions transactions, IStrayRenditions strays, IMediaStores stores, MediaOptions media, LibraryOptions options, TimeProvider time)
    : IOperationHandler<VerifyRenditions, StrayReport>
{
    private const int AtATime = 10_000;
    private const int Shown = 1_000;
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    public async Task<Result<StrayReport>> Handle(VerifyRenditions operation, CancellationToken cancellationToken)
    {
        var (seen, count, cleared, deleted, shown) = (0L, 0L, 0, 0, new List<StrayFolder>());
        foreach (var store in stores.All)
        {
            while (await strays.Due(store.Provider, AtATime, cancellationToken) is { Count: > 0 } due)
            {
                var gone = await transactions.Run(ct => strays.Settle(store.Provider, due, ct), cancellationToken);
                (cleared, deleted) = (cleared + due.Count - gone, deleted + gone);
            }

            var batch = new List<StrayFolder>();
            await foreach (var folder in OldFolders(store, cancellationToken))
            {
                operation.Seen(++seen);
                batch.Add(folder);
                if (batch.Count == AtATime) await Report(store, batch);
            }

            await Report(store, batch);
        }

        return new StrayReport(seen, count, shown, cleared, deleted);

        async Task Report(IMediaStore store, List<StrayFolder> batch)
        {
            var unknown = (await transactions.Run(ct => strays.Unknown(store.Provider, [.. batch.Select(folder => folder.StorageFolder)], ct), cancellationToken)).ToHashSet(StringComparer.Ordinal);
            var found = batch.Where(folder => unknown.Contains(folder.StorageFolder)).ToList();
            DateTimeOffset? deleteAfter = operation.Quarantine ? time.GetUtcNow() + options.Quarantine : null;
            if (found.Count > 0) await transactions.Run(ct => strays.Report(found, deleteAfter, ct), cancellationToken);
            count += found.Count;
            shown.AddRange(found.Take(Shown - shown.Count));
            batch.Clear();
        }
    }

    /// <summary>Those that have nothing young in them, and nothing that is not made here.</summary>
    private async IAsyncEnumerable<StrayFolder> OldFolders(IMediaStore store, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var landed = time.GetUtcNow() - media.UploadExpiry - Margin;
        var (folder, isOurs) = (new StrayFolder(store.Provider, "", 0, 0), false);
        await foreach (var one in store.List(StorageKeys.Renditions, cancellationToken))
        {
            var name = one.Key[..(one.Key.LastIndexOf('/') + 1)];
            if (name != folder.StorageFolder)
            {
                if (isOurs) yield return folder;
                (folder, isOurs) = (new(store.Provider, name, 0, 0), true);
            }

            isOurs &= StorageKeys.IsRendition(one.Key) && one.ModifiedAt < landed;
            folder = folder with { Objects = folder.Objects + 1, Bytes = folder.Bytes + one.SizeBytes };
        }

        if (isOurs) yield return folder;
    }
}
