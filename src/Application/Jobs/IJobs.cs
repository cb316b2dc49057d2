using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Application.Jobs;

/// <summary>The jobs of the caller's client, for a transaction that needs work done or a person who steers it.</summary>
public interface IJobs
{
    /// <summary>Writes the job and its outbox row. A live job with the same type and dedupe key does the work already: then nothing is written.</summary>
    Task Enqueue(NewJob job, CancellationToken cancellationToken);

    Task<JobState?> FindForUpdate(JobId id, CancellationToken cancellationToken);

    /// <summary>
    /// Locks the jobs about a subject, so that none of them ends or is steered before this transaction does. For whoever locks the
    /// subject as well, and before that: the end of a job takes the two in this order.
    /// </summary>
    Task LockOf(string subjectType, Guid subjectId, CancellationToken cancellationToken);

    /// <summary>The unsuccessful ones of a type (any, when null), locked, oldest first.</summary>
    Task<IReadOnlyList<JobState>> FindRetryable(string? type, JobStatus? status, int limit, CancellationToken cancellationToken);

    Task CancelQueued(JobId id, CancellationToken cancellationToken);
    Task AskToCancel(JobId id, CancellationToken cancellationToken);

    /// <summary>Queues a finished job again, its attempts counted from zero. False when another live job has its dedupe key.</summary>
    Task<bool> Requeue(JobId id, CancellationToken cancellationToken);
}

/// <summary>Work to be done.</summary>
/// <param name="SubjectType">What it is about, such as <c>media_asset</c>; with <paramref name="SubjectId"/>.</param>
/// <param name="DedupeKey">At most one live job of a type has it.</param>
public sealed record NewJob(JobType Type, string? SubjectType, Guid? SubjectId, string? DedupeKey);

/// <summary>As much of a job as a person's request needs.</summary>
public sealed record JobState(JobId Id, string Type, JobStatus Status, string? SubjectType, Guid? SubjectId);

/// <summary>What a job is about is told when the job will not be done, or will be after all, in the same transaction.</summary>
public interface IJobSubject
{
    /// <summary>Such as <c>media_asset</c>.</summary>
    string SubjectType { get; }

    /// <summary>The job failed for good, or was cancelled.</summary>
    Task GivenUp(Guid subjectId, JobError error, CancellationToken cancellationToken);

    /// <summary>An attempt ended without a result. Where the subject is gone, nobody else knows what the attempt may have left behind.</summary>
    Task Left(Guid subjectId, CancellationToken cancellationToken);

    /// <summary>The job was queued again.</summary>
    Task Resumed(Guid subjectId, CancellationToken cancellationToken);
}

/// <summary>Who is told about a job.</summary>
public static class JobSubjects
{
    /// <summary>Null when nobody is.</summary>
    public static IJobSubject? Of(this IEnumerable<IJobSubject> subjects, string? subjectType, Guid? subjectId) =>
        subjectId is null ? null : subjects.FirstOrDefault(subject => subject.SubjectType == subjectType);
}

/// <summary>Why a job did not do its work: a stable code and one sentence without paths or secrets.</summary>
public sealed record JobError(string Code, string Message)
{
    /// <summary>A person stopped the job.</summary>
    public static readonly JobError Canceled = new("JOB_CANCELED", "A person stopped the job.");

    /// <summary>A failure of a request, as a job says it.</summary>
    public static JobError Of(Error error) => new(error.Code, error.Message);
}
