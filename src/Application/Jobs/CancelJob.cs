using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Application.Jobs;

/// <summary>Stops a job: at once while it is queued; a running one is asked, and stops within a few seconds.</summary>
public sealed record CancelJob(JobId Id) : ICommand<Done>;

internal sealed class CancelJobHandler(IJobs jobs, IEnumerable<IJobSubject> subjects) : ICommandHandler<CancelJob, Done>
{
    public async Task<Result<Done>> Handle(CancelJob command, CancellationToken cancellationToken)
    {
        if (await jobs.FindForUpdate(command.Id, cancellationToken) is not { } job) return new JobNotFound(command.Id);

        var effect = JobLifecycle.Cancel(job.Id, job.Status);
        if (!effect.Succeeded) return effect.As<Done>();

        if (effect.Value is CancelEffect.AskWorker) await jobs.AskToCancel(job.Id, cancellationToken);
        if (effect.Value is CancelEffect.AtOnce)
        {
            await jobs.CancelQueued(job.Id, cancellationToken);
            if (subjects.Of(job.SubjectType, job.SubjectId) is { } subject) await subject.GivenUp(job.SubjectId!.Value, JobError.Canceled, cancellationToken);
        }

        return Done.Instance;
    }
}
