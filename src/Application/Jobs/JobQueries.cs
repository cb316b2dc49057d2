using System.Text.Json;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Application.Jobs;

/// <summary>A job as it is shown.</summary>
/// <param name="RunAfter">Not before.</param>
/// <param name="Progress">0–100.</param>
/// <param name="Timeline">Every stage of every attempt: stage, attempt, started_at, ended_at, error.</param>
public sealed record JobDetails(
    Guid Id, string Type, string Family, string Status, string? SubjectType, Guid? SubjectId, int Attempts, int MaxAttempts, int Progress,
    DateTimeOffset RunAfter, DateTimeOffset? CancelRequestedAt, JsonElement Timeline, string? ErrorCode, string? ErrorMessage,
    DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset UpdatedAt,
    int Version);

/// <summary>The jobs of the client, newest first.</summary>
public sealed record ListJobs(ListRequest Request) : IQuery<Page<JobDetails>>;

/// <summary>One job.</summary>
public sealed record GetJob(JobId Id) : IQuery<JobDetails>;

/// <summary>How many jobs stand where, per type.</summary>
public sealed record SummarizeJobs : IQuery<IReadOnlyList<JobSummary>>;

/// <summary>The jobs of one type in one status.</summary>
/// <param name="OldestSeconds">The age of the oldest.</param>
public sealed record JobSummary(string Type, string Family, string Status, int Count, DateTimeOffset OldestCreatedAt, double OldestSeconds);
