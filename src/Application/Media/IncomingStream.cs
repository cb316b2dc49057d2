using System.Security.Cryptography;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>
/// A caller's bytes on their way to the store: counted, hashed and bounded as they pass. The first of them can be looked at
/// before the rest is read, and are then read again.
/// </summary>
internal sealed class IncomingStream(Stream source, long maxBytes, Action<long>? progress = null) : ForwardStream
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

/// <summary>More bytes than a file may have.</summary>
internal sealed class FileTooLargeException : Exception
{
    public FileTooLargeException()
    {
    }

    public FileTooLargeException(string message)
        : base(message)
    {
    }

    public FileTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
