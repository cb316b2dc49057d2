namespace MediaPlatform.Infrastructure.Tests.Library;

/// <summary>Time that passes when a test says so. It begins on 9 May 2026 at 10:20 UTC.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock locked = new();
    private readonly List<Timer> timers = [];
    private readonly SemaphoreSlim changed = new(0);
    private DateTimeOffset now = new(2026, 5, 9, 10, 20, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (locked) return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (locked)
        {
            now += by;
            due = [.. timers.Where(timer => timer.Due <= now)];
            timers.RemoveAll(due.Contains);
        }

        foreach (var timer in due) timer.Fire();
    }

    /// <summary>Until somebody waits for exactly as long as that.</summary>
    public Task Waiting(TimeSpan wait) => Waiting(wait, wait);

    /// <summary>Until somebody waits for so long; for how long, is the answer.</summary>
    public async Task<TimeSpan> Waiting(TimeSpan least, TimeSpan most)
    {
        while (true)
        {
            lock (locked)
            {
                if (timers.Find(timer => timer.Due >= now + least && timer.Due <= now + most) is { } found) return found.Due - now;
            }

            Assert.That(await changed.WaitAsync(TimeSpan.FromSeconds(20)), $"nobody waits for {least} to {most}");
        }
    }

    private sealed class Timer(ManualClock clock, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.locked)
            {
                clock.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock.now + dueTime;
                clock.timers.Add(this);
            }

            clock.changed.Release();
            return true;
        }

        public void Dispose()
        {
            lock (clock.locked) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
