using MediaPlatform.Application.Media;

namespace MediaPlatform.Api.Http;

/// <summary>
/// A body whose caller may not fall silent, and that remembers when it was too slow: what reads it takes that for a connection that broke.
/// The server's own least rate is one over the whole body, so that whoever began fast could be silent for hours.
/// </summary>
internal sealed class WatchedBody(Stream body, TimeSpan patience) : ForwardStream
{
    private CancellationTokenSource limit = new();

    public bool TimedOut { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!limit.TryReset()) limit = new();
        limit.CancelAfter(patience);
        await using var whole = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            return await body.ReadAsync(buffer, limit.Token);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            TimedOut = true;
            throw;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            TimedOut = true;
            throw new IOException("The caller fell silent.", exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) limit.Dispose();
        base.Dispose(disposing);
    }
}
