using MediaPlatform.Worker.Jobs;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Worker.Tests.Jobs;

internal sealed class TellingOutagesTests
{
    [Test]
    public void An_outage_is_told_once_with_its_reason_once_a_minute_while_it_lasts_and_once_when_it_is_over()
    {
        var (lines, clock) = (new Lines(), new Clock());
        var outage = new OutageLog("Taking jobs", lines, clock);

        outage.Worked();
        for (var second = 0; second < 150; second++, clock.Now += TimeSpan.FromSeconds(1))
        {
            for (var slot = 0; slot < 4; slot++) outage.Failed(new TimeoutException("PostgreSQL does not answer"));
        }

        outage.Worked();
        outage.Worked();
        outage.Failed(new TimeoutException("PostgreSQL does not answer again"));

        Assert.That(lines.All, Is.EqualTo(new[]
        {
            "Error TimeoutException Taking jobs does not work; it is tried until it does",
            "Warning  Taking jobs has not worked for 60 s: PostgreSQL does not answer",
            "Warning  Taking jobs has not worked for 120 s: PostgreSQL does not answer",
            "Information  Taking jobs works again after 150 s",
            "Error TimeoutException Taking jobs does not work; it is tried until it does",
        }));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Lines : ILogger
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add($"{logLevel} {exception?.GetType().Name} {formatter(state, exception)}");
    }
}
