using System.Diagnostics;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Infrastructure.Fetching;

/// <summary>The bytes of an answer: not more than allowed, not slower than allowed, and not later. Only the time that is spent waiting for the server counts as slow.</summary>
internal sealed class GuardedBody(Stream source, FetchOptions options, long maxBytes, CancellationToken deadline) : ForwardStream
{
    private long total;
    private long inWindow;
    private TimeSpan waited;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(deadline, cancellationToken);
        limit.CancelAfter(options.IdleTimeout);
        var started = Stopwatch.GetTimestamp();
        int read;
        try
        {
            read = await source.ReadAsync(buffer, limit.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (deadline.IsCancellationRequested) throw TimedOut($"The file did not come within {Seconds(options.TimeLimit)} s.", exception);
            if (limit.IsCancellationRequested) throw TimedOut($"The server said nothing for {Seconds(options.IdleTimeout)} s.", exception);
            throw new UrlFetchException(new UrlIncomplete(), retryable: true, innerException: exception);
        }

        if ((total += read) > maxBytes) throw new UrlFetchException(new UrlTooLarge(maxBytes), retryable: false);
        if (read > 0) Weigh(read, Stopwatch.GetElapsedTime(started));
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }

    private void Weigh(int read, TimeSpan elapsed)
    {
        inWindow += read;
        waited += elapsed;
        if (waited < options.IdleTimeout) return;
        if (inWindow < options.MinBytesPerSecond * waited.TotalSeconds) throw TimedOut($"The server sent less than {options.MinBytesPerSecond} bytes in a second.");
        (inWindow, waited) = (0, TimeSpan.Zero);
    }

    private static UrlFetchException TimedOut(string why, Exception? cause = null) => new(new UrlTimedOut(why), retryable: true, innerException: cause);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.#");
}
