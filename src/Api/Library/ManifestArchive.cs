using System.IO.Compression;
using System.Text.Json;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Library;
using MediaPlatform.Application.Media;
using Microsoft.AspNetCore.Http.Features;

namespace MediaPlatform.Api.Library;

/// <summary>A manifest with its originals as one ZIP archive, written as it is read: nothing of it is kept in memory or on disk.</summary>
internal static class ManifestArchive
{
    /// <summary>Writes all of it as the answer. Where an original cannot be read it throws, and the connection is cut, so that nobody takes what has come for the whole.</summary>
    /// <exception cref="StorageException">The store cannot be reached, or has an original no more.</exception>
    public static async Task Write(HttpContext context, Stream target, ExportedManifest manifest, IMediaStores stores)
    {
        context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true; // the end of an entry is written so, a few bytes
        await Write(target, manifest, stores, context.RequestAborted);
    }

    private static async Task Write(Stream target, ExportedManifest manifest, IMediaStores stores, CancellationToken cancellationToken)
    {
        await using var archive = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await using (var document = await archive.CreateEntry("manifest.json", CompressionLevel.Optimal).OpenAsync(cancellationToken))
            await JsonSerializer.SerializeAsync(document, manifest, Wire.Json, cancellationToken);

        foreach (var item in manifest.Items.Where(item => item.Original is not null))
        {
            var original = item.Original!;
            await using var bytes = await stores.Of(original.StorageProvider).Open(original.StorageKey, cancellationToken) ?? throw new StorageException("An original of the manifest is not in the media storage.");
            await using var entry = await archive.CreateEntry(item.File!, CompressionLevel.NoCompression).OpenAsync(cancellationToken);
            await bytes.CopyToAsync(entry, 1 << 17, cancellationToken);
        }
    }
}
