using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>The one gate: reads the bytes of an upload as they stream past, bounded, hashed, and of a type that is read from them.</summary>
internal sealed class UploadReceiver(IMediaStores stores, MediaOptions options)
{
    /// <summary>Reads the bytes, and stores them where they are not yet. After a failure some may lie there: whoever rejects the upload lets them go.</summary>
    /// <param name="isStored">They are read where they will stay.</param>
    /// <param name="allowed">The MIME types that the client takes in; null for all.</param>
    /// <param name="said">What the caller says of the file; asked for after the bytes, since a form's fields may follow its file.</param>
    /// <param name="progress">Told of the bytes read so far.</param>
    /// <exception cref="StorageException">The store is full or cannot be reached. What the stream throws passes through.</exception>
    public async Task<Result<ReceivedUpload>> Receive(
        NewUpload upload, Stream content, bool isStored, IReadOnlyList<string>? allowed, Func<CancellationToken, Task<Result<UploadTexts>>> said,
        Action<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await using var incoming = new IncomingStream(content, options.MaxFileBytes, progress);
            var format = MediaGate.Check(await incoming.ReadHead(cancellationToken), upload.FileName, upload.DeclaredMimeType, allowed);
            if (!format.Succeeded) return format.As<ReceivedUpload>();

            if (isStored) await incoming.CopyToAsync(Stream.Null, 1 << 17, cancellationToken);
            else await stores.Of(upload.StorageProvider).Put(upload.StorageKey, incoming, format.Value.MimeType, cancellationToken);

            var texts = await said(cancellationToken);
            if (!texts.Succeeded) return texts.As<ReceivedUpload>();

            var received = new ReceivedUpload(upload, format.Value, incoming.BytesRead, incoming.Hash(), texts.Value.Texts, texts.Value.OnTrashed ?? upload.OnTrashed);
            return Contradicts(received, texts.Value.Sha256 ?? upload.DeclaredSha256) is { } lie ? lie : received;
        }
        catch (FileTooLargeException)
        {
            return new UploadTooLarge(options.MaxFileBytes);
        }
    }

    private static Error? Contradicts(ReceivedUpload received, byte[]? declaredSha256)
    {
        if (received.Upload.DeclaredSize is { } size && size != received.SizeBytes) return new UploadSizeMismatch(size, received.SizeBytes);
        return declaredSha256 is null || declaredSha256.AsSpan().SequenceEqual(received.Sha256)
            ? null
            : new UploadHashMismatch(Convert.ToHexStringLower(declaredSha256), Convert.ToHexStringLower(received.Sha256));
    }
}

/// <summary>An upload whose bytes are stored and known.</summary>
public sealed record ReceivedUpload(NewUpload Upload, FileFormat Format, long SizeBytes, byte[] Sha256, AssetTexts Texts, OnTrashed OnTrashed)
{
    /// <summary>Who began the upload, where that is not who resolves it.</summary>
    public Actor? By { get; init; }
}
