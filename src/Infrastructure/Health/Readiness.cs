using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Health;

/// <summary>Whether this process can work, asked of all its dependencies at once and remembered for a second.</summary>
public sealed class Readiness(IEnumerable<IReadinessCheck> checks, TimeProvider time, ILogger<Readiness> log)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly IReadinessCheck[] checks = [.. checks];
    private readonly Lock gate = new();
    private Task<ReadinessReport>? current;
    private DateTimeOffset askedAt;

    /// <summary>The report of the last second, or a new one that everybody who asks meanwhile shares.</summary>
    public Task<ReadinessReport> Ask()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (current is null || (current.IsCompleted && now - askedAt >= KeptFor)) (current, askedAt) = (AskAll(), now);
            return current;
        }
    }

    private async Task<ReadinessReport> AskAll()
    {
        var found = await Task.WhenAll(checks.Select(AskOne));
        var down = found.Where(c => c.Status is DependencyStatus.Down).ToList();
        var status = down.Count == 0 ? ReadinessStatus.Ready : down.Any(c => c.Required) ? ReadinessStatus.NotReady : ReadinessStatus.Degraded;
        return new(status, found);
    }

    private async Task<DependencyReport> AskOne(IReadinessCheck check)
    {
        using var limit = new CancellationTokenSource(TimeLimit, time);
        try
        {
            // Task.Run and WaitAsync: a check that blocks or ignores its token still costs no more than the limit.
            var reason = await Task.Run(() => check.Check(limit.Token), limit.Token).WaitAsync(limit.Token);
            return new(check.Name, reason is null ? DependencyStatus.Up : DependencyStatus.Down, check.Required, reason);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new(check.Name, DependencyStatus.Down, check.Required, $"No answer within {TimeLimit.TotalSeconds:0} s.");
        }
#pragma warning disable CA1031 // whatever a check throws means that its dependency is down; what it says may hold addresses, so only the log gets it
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogWarning(e, "The readiness check {Check} failed", check.Name);
            return new(check.Name, DependencyStatus.Down, check.Required, "The check failed; the log says why.");
        }
    }
}

public enum ReadinessStatus { Ready, Degraded, NotReady }

public enum DependencyStatus { Up, Down }

/// <summary>The body of <c>/health/ready</c>.</summary>
public sealed record ReadinessReport(ReadinessStatus Status, IReadOnlyList<DependencyReport> Dependencies);

/// <summary>One dependency of it.</summary>
public sealed record DependencyReport(string Name, DependencyStatus Status, bool Required, string? Reason);
