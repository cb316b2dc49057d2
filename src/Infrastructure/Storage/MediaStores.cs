using MediaPlatform.Application.Media;
using MediaPlatform.Domain;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>The stores that the settings name.</summary>
public sealed class MediaStores : IMediaStores, IDisposable
{
    private readonly Dictionary<string, IMediaStore> byProvider = new(StringComparer.Ordinal);
    private readonly Dictionary<string, S3Store> buckets = new(StringComparer.Ordinal);

    public MediaStores(StorageOptions storage, S3Options s3, R2Options r2, LocalDisk disk, IScratchSpace scratch, TimeProvider time)
    {
        if (storage.Root.Length > 0) byProvider.Add(disk.Provider, new MeasuredStore(disk));
        foreach (var (origin, section) in new[] { (MediaOrigin.S3, s3), (MediaOrigin.R2, r2) })
        {
            if (section.IsConfigured) buckets.Add(Names.Of(origin), new(Names.Of(origin), section, scratch, time));
            if (section.HasThumbnailBucket) buckets.Add(OfThumbnails(origin), new(OfThumbnails(origin), section with { Bucket = section.ThumbnailBucket }, scratch, time));
        }

        foreach (var (provider, bucket) in buckets) byProvider.Add(provider, new MeasuredStore(bucket));
        Origin = byProvider[Names.Of(storage.Origin)];
        Thumbnails = Find(OfThumbnails(storage.Origin)) ?? Origin;
        All = [Origin, .. byProvider.Values.Where(store => store != Origin)];
    }

    public IMediaStore Origin { get; }

    public IMediaStore Thumbnails { get; }

    public IReadOnlyList<IMediaStore> All { get; }

    public IMediaStore? ForRegistered => Find(Names.Of(MediaOrigin.S3)) ?? Find(Names.Of(MediaOrigin.R2)); // whatever the origin is: an address always means the same

    public IMediaStore Of(string provider) => Find(provider) ?? throw new StorageException($"An object lies in the store '{provider}', which is not configured any more.");

    /// <summary>The bucket that links can be signed for; null where the name is none of one.</summary>
    internal S3Store? BucketOf(string provider) => buckets.GetValueOrDefault(provider);

    /// <summary>Makes buckets ready; gives the providers that have one.</summary>
    /// <exception cref="StorageException">A store refuses, or cannot be reached.</exception>
    public async Task<IReadOnlyList<string>> Prepare(CancellationToken cancellationToken)
    {
        var inOrder = buckets.Values.OrderByDescending(bucket => bucket.Provider == Origin.Provider).ToList();
        foreach (var bucket in inOrder) await bucket.Prepare(cancellationToken);
        return [.. inOrder.Select(bucket => bucket.Provider)];
    }

    private IMediaStore? Find(string provider) => byProvider.GetValueOrDefault(provider);

    private static string OfThumbnails(MediaOrigin origin) => $"{Names.Of(origin)}_thumbnails";

    public void Dispose()
    {
        foreach (var bucket in buckets.Values) bucket.Dispose();
    }
}
