using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Application.Audit;

/// <summary>The change log and its feed. Section <c>Audit</c>.</summary>
public sealed record AuditOptions
{
    /// <summary>Days that changes are kept, by whole months; deletions and what is critical are kept for ever.</summary>
    [Range(90, 36_500, ErrorMessage = "Audit:RetentionDays must be 90 to 36500 days.")]
    public int RetentionDays { get; init; } = 400;

    /// <summary>How many requests may wait for events at once, in one process.</summary>
    [Range(1, 100_000)]
    public int MaxWaiters { get; init; } = 500;

    /// <summary>How many of them may be one client's.</summary>
    [Range(1, 100_000)]
    public int MaxWaitersPerClient { get; init; } = 50;

    /// <summary>How often the log is looked at for those who wait, all of them together.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan EventPoll { get; init; } = TimeSpan.FromMilliseconds(250);
}
