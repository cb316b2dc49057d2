using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Application.Jobs;

/// <summary>Queues a job again that failed, died or was cancelled.</summary>
public sealed record RetryJob(JobId Id) : ICommand<Done>;

/// <summary>Queues again all that failed, of one type and status or of any; at most 500 at a time, oldest first.</summary>
public sealed record RetryJobs(string? Type, JobStatus? Status) : ICommand<RetriedJobs>;

/// <summary>What was queued again.</summary>
/// <param name="Skipped">How many were left since another live job does their work.</param>
/// <param name="MayBeMore">True when the limit was reached.</param>
public sealed record RetriedJobs(IReadOnlyList<Guid> Ids, int Skipped, bool MayBeMore);

internal sealed class RetryJobsValidator : AbstractValidator<RetryJobs>
{
    public RetryJobsValidator() => RuleFor(retry => retry.Status)
        .Must(status => status is null or JobStatus.Failed or JobStatus.Dead or JobStatus.Canceled)
        .WithMessage("Only jobs that are failed, dead or canceled can be queued again.");
}

internal sealed class RetryJobHandler(IJobs jobs, IEnumerable<IJobSubject> subjects)
    : ICommandHandler<RetryJob, Done>, ICommandHandler<RetryJobs, RetriedJobs>
{
    private const int AtATime = 500;

    public async Task<Result<Done>> Handle(RetryJob command, CancellationToken cancellationToken)
    {
        if (await jobs.FindForUpdate(command.Id, cancellationToken) is not { } job) return new JobNotFound(command.Id);

        var allowed = JobLifecycle.Retry(job.Id, job.Status);
        if (!allowed.Succeeded) return allowed;

        return await Requeue(job, cancellationToken) ? Done.Instance : new JobReplaced(job.Id);
    }

    public async Task<Result<RetriedJobs>> Handle(RetryJobs command, CancellationToken cancellationToken)
    {
        var found = await jobs.FindRetryable(command.Type, command.Status, AtATime, cancellationToken);
        var retried = new List<Guid>();
        foreach (var job in found)
        {
            if (await Requeue(job, cancellationToken)) retried.Add(job.Id.Value);
        }

        return new RetriedJobs(retried, found.Count - retried.Count, found.Count == AtATime);
    }

    private async Task<bool> Requeue(JobState job, CancellationToken cancellationToken)
    {
        if (!await jobs.Requeue(job.Id, cancellationToken)) return false;
        if (subjects.Of(job.SubjectType, job.SubjectId) is { } subject) await subject.Resumed(job.SubjectId!.Value, cancellationToken);
        return true;
    }
}
