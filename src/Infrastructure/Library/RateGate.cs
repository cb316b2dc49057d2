namespace MediaPlatform.Infrastructure.Library;

/// <summary>Whether a provider takes requests now, as its answers have told.</summary>
internal sealed class RateGate(StockConventions conventions, TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(32); // Pexels counts by months

    private long closedUntil;

    /// <summary>Null when it is open.</summary>
    public DateTimeOffset? ClosedUntil
    {
        get
        {
            var until = new DateTimeOffset(Interlocked.Read(ref closedUntil), TimeSpan.Zero);
            return until > time.GetUtcNow() ? until : null;
        }
    }

    /// <summary>What is left by an answer's headers; null when they do not say.</summary>
    public static long? Remaining(HttpResponseMessage answer) => Number(answer, "X-RateLimit-Remaining");

    /// <summary>Reads an answer's headers, and closes when nothing is left.</summary>
    /// <param name="isLimited">The answer says that there were too many requests.</param>
    public void Read(HttpResponseMessage answer, bool isLimited)
    {
        var remaining = Remaining(answer);
        if (!isLimited && remaining is not 0) return;

        var now = time.GetUtcNow();
        var told = isLimited ? Wait(answer, now) : null;
        if (told is null && remaining is null or 0) told = Reset(answer, now); // with some left, the limit that was hit is another than the one that resets then
        Close(told ?? conventions.NextWindow(now));
    }

    /// <summary>When the server says by Retry-After that it may be asked again.</summary>
    public static DateTimeOffset? Wait(HttpResponseMessage answer, DateTimeOffset now) =>
        answer.Headers.RetryAfter is { } after ? Within(after.Date ?? now + after.Delta, now) : null;

    private DateTimeOffset? Reset(HttpResponseMessage answer, DateTimeOffset now)
    {
        if (conventions.Reset is null || Number(answer, "X-RateLimit-Reset") is not { } number) return null;
        try
        {
            return Within(conventions.Reset(number, now), now);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // no time that there is
        }
    }

    /// <summary>A time that has passed is taken for soon, since clocks differ; one that lies too far away for no time at all.</summary>
    private static DateTimeOffset? Within(DateTimeOffset? told, DateTimeOffset now) =>
        told is not { } at || at - now > Longest ? null
        : at - now < Shortest ? now + Shortest
        : at;

    private void Close(DateTimeOffset until)
    {
        for (var known = Interlocked.Read(ref closedUntil); known < until.UtcTicks;)
        {
            var seen = Interlocked.CompareExchange(ref closedUntil, until.UtcTicks, known);
            if (seen == known) return;
            known = seen;
        }
    }

    private static long? Number(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) && long.TryParse(values.First(), out var number) ? number : null;
}
