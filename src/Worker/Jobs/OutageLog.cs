namespace MediaPlatform.Worker.Jobs;

/// <summary>What fails again and again, by many at once, is said once with its reason, once a minute while it lasts, and once when it is over.</summary>
/// <param name="what">That which works or does not, as the subject of a sentence.</param>
/// <param name="level">Of the first line.</param>
internal sealed class OutageLog(string what, ILogger logger, TimeProvider time, LogLevel level = LogLevel.Error)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private DateTimeOffset? since;
    private DateTimeOffset said;

    public void Failed(Exception exception)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (since is not null && now - said < Every) return;
            if (since is null) logger.Log(level, exception, "{What} does not work; it is tried until it does", what);
            else logger.LogWarning("{What} has not worked for {Seconds:0} s: {Reason}", what, (now - since.Value).TotalSeconds, exception.Message);
            since ??= now;
            said = now;
        }
    }

    public void Worked()
    {
        if (since is null) return;
        lock (gate)
        {
            if (since is not { } begun) return;
            logger.LogInformation("{What} works again after {Seconds:0} s", what, (time.GetUtcNow() - begun).TotalSeconds);
            since = null;
        }
    }
}
