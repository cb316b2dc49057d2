using System.Text.Json.Serialization;
using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Application.Jobs;

/// <summary>The queue as the worker sees it: all tenants, leases, no caller.</summary>
public interface IJobQueue
{
    /// <summary>The next due job of a family, the tenant that runs fewest first, or null. One statement; two workers never get the same.</summary>
    Task<ClaimedJob?> Claim(JobFamily family, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>One job that is due, or null: another has it, or it has ended.</summary>
    Task<ClaimedJob?> ClaimOne(Guid clientId, Guid id, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Prolongs a lease and shows progress.</summary>
    Task<LeaseState> Beat(ClaimedJob job, TimeSpan lease, int progress, IReadOnlyList<StageEntry> timeline, CancellationToken cancellationToken);

    /// <summary>Ends an attempt, only while the lease is held; within the caller's transaction when there is one.</summary>
    /// <returns>False when the lease was lost: another attempt has the job, and nothing was changed.</returns>
    Task<bool> End(ClaimedJob job, JobEnd end, IReadOnlyList<StageEntry> timeline, CancellationToken cancellationToken);

    /// <summary>Whether a person asked to stop the job; nobody can ask until the caller's transaction ends.</summary>
    Task<bool> IsCancelRequested(ClaimedJob job, CancellationToken cancellationToken);

    /// <summary>Jobs whose lease ran out: their worker is gone.</summary>
    Task<IReadOnlyList<ClaimedJob>> FindAbandoned(int limit, CancellationToken cancellationToken);

    /// <summary>Takes up to <paramref name="limit"/> outbox rows that are due, hands them to <paramref name="publish"/>, and deletes them when that returns.</summary>
    /// <returns>How many there were.</returns>
    Task<int> Relay(int limit, Func<IReadOnlyList<JobFamily>, CancellationToken, Task> publish, CancellationToken cancellationToken);
}

/// <summary>A job with a lease.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="LeaseToken">New with each claim; whoever does not have it cannot end the job.</param>
/// <param name="TriedSince">When the first attempt began since the job was queued, or queued again; null in that attempt.</param>
/// <param name="EarlierStages">How many entries the timeline had before this attempt; they stay, and what this attempt tells comes after them.</param>
public sealed record ClaimedJob(
    Guid ClientId, Guid Id, string Type, string? SubjectType, Guid? SubjectId, int Attempt, int MaxAttempts, Guid LeaseToken, string? RequestId,
    DateTimeOffset? TriedSince, int EarlierStages);

/// <summary>What a heartbeat found.</summary>
public enum LeaseState { Held, Lost, CancelRequested }

/// <summary>How an attempt ends.</summary>
/// <param name="Status">Queued means: again, at <paramref name="RunAfter"/>.</param>
/// <param name="CountsAsAttempt">False when the worker gave the job back unharmed, or the job waits for an outage to end.</param>
/// <param name="OnlyWhenLapsed">True for who ends the job of another worker: it does nothing when that one has prolonged its lease meanwhile.</param>
public sealed record JobEnd(JobStatus Status, DateTimeOffset? RunAfter, JobError? Error, bool CountsAsAttempt = true, bool OnlyWhenLapsed = false);

/// <summary>One stage of one attempt.</summary>
public sealed record StageEntry(
    string Stage,
    int Attempt,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JobError? Error = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null);
