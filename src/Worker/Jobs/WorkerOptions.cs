using System.ComponentModel.DataAnnotations;
using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Worker.Jobs;

/// <summary>How the worker works. Section <c>Worker</c>.</summary>
public sealed record WorkerOptions : IValidatableObject
{
    /// <summary>Jobs at once, per family, in this process.</summary>
    public Dictionary<string, int> Concurrency { get; init; } = [];

    /// <summary>How long a claim lasts without a heartbeat. A worker that died is noticed after this.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between heartbeats; also how soon a running job notices that it was cancelled.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often each family looks for work that no message told of.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the relay looks into an empty outbox.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan RelayPoll { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the scheduler looks for abandoned jobs, objects to delete and maintenance.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan ScheduleEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The wait before a second attempt; each further one doubles it, up to ten minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")]
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a job waits for a full or absent disk, storage or decoder, without using up attempts; then it is dead.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan OutagePatience { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long running jobs may go on when the process is asked to stop; then they are given back.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(18);

    /// <summary>
    /// The slots of a family: as set, else for pictures two a processor, so that the decoders work while the disk takes other pictures,
    /// and few for the others.
    /// </summary>
    public int SlotsOf(JobFamily family) => Concurrency.TryGetValue(Domain.Names.Of(family), out var slots) ? slots : family switch
    {
        JobFamily.Image => 2 * Environment.ProcessorCount,
        JobFamily.Video => Math.Max(1, Environment.ProcessorCount / 2),
        _ => 2,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (family, slots) in Concurrency)
        {
            if (Domain.Names.Parse<JobFamily>(family) is null) yield return new($"Worker:Concurrency has '{family}', which is no family; there are {string.Join(", ", Domain.Names.All<JobFamily>())}.");
            if (slots is < 0 or > 256) yield return new($"Worker:Concurrency:{family} must be 0 to 256, not {slots}.");
        }

        if (Heartbeat >= Lease / 2) yield return new("Worker:Heartbeat must be less than half of Worker:Lease, so that one late beat loses no lease.");
    }
}
