using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Library;

/// <summary>Has renditions made again that are missing, and copies for share links, of assets whose originals are there.</summary>
internal sealed class RenditionRepair(ITransactions transactions, IMediaAssets assets, IProcessedMedia media, IJobs jobs, IMediaStores stores)
{
    /// <summary>Gives how many assets were queued.</summary>
    public async Task<int> Queue(IReadOnlyList<KnownObject> missing, CancellationToken cancellationToken)
    {
        var queued = 0;
        foreach (var ofAsset in missing.GroupBy(row => row.AssetId))
        {
            if (await OriginalIsThere(new(ofAsset.Key), cancellationToken) && await transactions.Run(ct => Queue(new(ofAsset.Key), [.. ofAsset], ct), cancellationToken)) queued++;
        }

        return queued;
    }

    private async Task<bool> OriginalIsThere(AssetId id, CancellationToken cancellationToken)
    {
        if (await media.Find(id, cancellationToken) is not { MayBeRead: true } source) return false;
        try
        {
            return await stores.Of(source.StorageProvider).Head(source.StorageKey, cancellationToken) is not null;
        }
        catch (ObjectChangedException)
        {
            return false;
        }
    }

    private async Task<bool> Queue(AssetId id, IReadOnlyList<KnownObject> missing, CancellationToken cancellationToken)
    {
        await jobs.LockOf(MediaJobs.SubjectType, id.Value, cancellationToken);
        if (await assets.FindForUpdate(id, cancellationToken) is not { DeletedAt: null } asset) return false;

        if (missing.Any(row => !row.IsRendition)) await jobs.Enqueue(CleanOriginal.Of(id), cancellationToken);
        if (!missing.Any(row => row.IsRendition)) return true;
        if (!asset.Reprocess().Succeeded) return false;

        await assets.SaveProcessing(id, cancellationToken);
        await jobs.Enqueue(MediaJobs.Process(id, asset.Type), cancellationToken);
        return true;
    }
}
