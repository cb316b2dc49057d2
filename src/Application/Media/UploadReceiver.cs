using System.Security.Cryptography;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>The one gate: reads the bytes of an upload as they stream past, bounded, hashed, and of a type that is read from them.</summary>
internal sealed class UploadReceiver(IMediaStores stores, MediaOptions options)
{
    /// <summary>Reads the bytes, and stores them where they are not yet. After a failure some may lie there: whoever rejects the upload lets them go.</summary>
    /// <param name="isStored">They are read where they will stay.</param>
    /// <param name="allowed">The MIME types that the client takes in; null for all.</param>
    /// <param name="progress">Told of the bytes read so far.</param>
    /// <exception cref="StorageException">The store is full or cannot be reached. What the stream throws passes through.</exception>
    public async Task<Result<ReceivedUpload>> Receive(
        NewUpload upload, Stream content, bool isStored, IReadOnlyList<string>? allowed, Action<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await using var incoming = new IncomingStream(content, options.MaxFileBytes, progress);
            var format = MediaGate.Check(await incoming.ReadHead(cancellationToken), upload.FileName, upload.DeclaredMimeType, allowed);
            if (!format.Succeeded) return format.As<ReceivedUpload>();

            if (isStored) await incoming.CopyToAsync(Stream.Null, 1 << 17, cancellationToken);
            else await stores.Of(upload.StorageProvider).Put(upload.StorageKey, incoming, format.Value.MimeType, cancellationToken);

            return new ReceivedUpload(upload, format.Value, incoming.BytesRead, incoming.Hash()).AsDeclared();
        }
        catch (FileTooLargeException)
        {
            return new UploadTooLarge(options.MaxFileBytes);
        }
    }

    /// <summary>
    /// A caller's bytes on their way to the store: counted, hashed and bounded as they pass. The first of them can be looked at
    /// before the rest is read, and are then read again.
    /// </summary>
    private sealed class IncomingStream(Stream source, long maxBytes, Action<long>? progress) : ForwardStream
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private byte[] head = [];
        private int headRead;

        public long BytesRead { get; private set; }

        /// <summary>The first bytes, fewer when there are no more.</summary>
        public async Task<byte[]> ReadHead(CancellationToken cancellationToken)
        {
            var buffer = new byte[FileFormats.HeadLength];
            var read = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return head = buffer[..read];
        }

        /// <summary>SHA-256 of all that was read; ends the hashing.</summary>
        public byte[] Hash() => hash.GetHashAndReset();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = headRead < head.Length ? TakeFromHead(buffer.Span) : await source.ReadAsync(buffer, cancellationToken);
            BytesRead += read;
            if (BytesRead > maxBytes) throw new FileTooLargeException();
            hash.AppendData(buffer.Span[..read]);
            progress?.Invoke(BytesRead);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) hash.Dispose();
            base.Dispose(disposing);
        }

        private int TakeFromHead(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, head.Length - headRead);
            head.AsSpan(headRead, count).CopyTo(buffer);
            headRead += count;
            return count;
        }
    }

    /// <summary>More bytes than a file may have: what the store is told, so that it keeps none of them.</summary>
    private sealed class FileTooLargeException : Exception;
}

/// <summary>An upload whose bytes are stored and known.</summary>
public sealed record ReceivedUpload(NewUpload Upload, FileFormat Format, long SizeBytes, byte[] Sha256)
{
    /// <summary>Who began the upload, where that is not who resolves it.</summary>
    public Actor? By { get; init; }

    /// <summary>The code of what it waits for, where it is in conflict.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>Itself, unless it is another file than the one that was declared.</summary>
    internal Result<ReceivedUpload> AsDeclared() =>
        Upload.DeclaredSize is { } size && size != SizeBytes ? new UploadSizeMismatch(size, SizeBytes)
        : Upload.DeclaredSha256 is { } hash && !hash.AsSpan().SequenceEqual(Sha256) ? new UploadHashMismatch(Convert.ToHexStringLower(hash), Convert.ToHexStringLower(Sha256))
        : this;
}
