using Amazon.S3.Model;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>Reads an object from where it stands: one request for as long as it is read straight on, another after a jump.</summary>
internal sealed class S3ReadStream(S3Uri place, long length, string etag, TimeSpan patience, S3ReadStream.Fetch fetch) : ForwardStream
{
    private GetObjectResponse? response;
    private long position;

    /// <summary>Asks for the bytes of an object from one place to another, both included.</summary>
    internal delegate Task<GetObjectResponse> Fetch(S3Uri place, string etag, long from, long to, CancellationToken cancellationToken);

    public override bool CanSeek => true;
    public override long Length => length;

    public override long Position
    {
        get => position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position >= length || buffer.IsEmpty) return 0;
        response ??= await fetch(place, etag, position, length - 1, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience); // the client's own time limit ends with the head of an answer
        int read;
        try
        {
            read = await response.ResponseStream.ReadAsync(buffer, limit.Token);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new StorageException("The store broke off in the middle of an object.", exception);
        }

        if (read == 0) throw new StorageException("The store ended in the middle of an object.");
        position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => position + offset, _ => length + offset };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        if (target == position) return position;
        Drop();
        return position = target;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Drop();
        base.Dispose(disposing);
    }

    private void Drop()
    {
        response?.Dispose();
        response = null;
    }
}
