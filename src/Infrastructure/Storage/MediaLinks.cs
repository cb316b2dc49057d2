using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using Microsoft.Net.Http.Headers;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>Links as <see cref="StorageOptions.Delivery"/> wants them. Expiries are rounded, so that the same link is given for a while and caches hit.</summary>
public sealed class MediaLinks(StorageOptions options, LocalLinks local, MediaStores stores, TimeProvider time) : IMediaLinks
{
    private static readonly string[] Shown = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "video/", "audio/"];

    public string ToGet(LinkedObject target)
    {
        // what was rendered before renditions had a folder of their own lies beside its original, where no public URL may lead to
        var isPublic = target.IsPublic && target.StorageKey.StartsWith(StorageKeys.Renditions, StringComparison.Ordinal);
        if (options.Delivery is MediaDelivery.Public && isPublic && target.StorageProvider == stores.Origin.Provider) return $"{options.BaseUrl.TrimEnd('/')}/{target.StorageKey}";

        var lifetime = options.LinkLifetime;
        var begun = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds() / (long)lifetime.TotalSeconds * (long)lifetime.TotalSeconds);
        var ends = target.NotAfter < begun + (2 * lifetime) ? target.NotAfter.Value : begun + (2 * lifetime);
        var isActive = target.MimeType == FileFormats.Svg.MimeType; // served with a policy that lets no script run, which a store does not send
        var isExchangeable = S3Uri.OfKey(target.StorageKey) is { ETag: not null, Version: null }; // a link of the store would lead to whatever lies there by then
        return options.Delivery is not MediaDelivery.Local && !isActive && !isExchangeable && stores.BucketOf(target.StorageProvider) is { } s3
            ? s3.SignGet(target.StorageKey, target.MimeType, Disposition(target.MimeType, target.FileName), begun, ends - begun)
            : local.ToGet(
                target.StorageKey, target.SizeBytes, target.MimeType, target.FileName, target.StorageProvider == LocalDisk.Name ? null : target.StorageProvider, ends);
    }

    /// <summary>What a browser may show by itself. All else is saved: a document that scripts could run in must not share the origin.</summary>
    public static string Disposition(string mimeType, string? fileName)
    {
        var disposition = new ContentDispositionHeaderValue(Array.Exists(Shown, mimeType.StartsWith) ? "inline" : "attachment");
        if (fileName is not null) disposition.SetHttpFileName(fileName);
        return disposition.ToString();
    }
}
