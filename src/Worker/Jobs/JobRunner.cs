using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Worker.Jobs;

/// <summary>Runs one claimed job: the handler outside any transaction with a heartbeat, its result and the job's end in one transaction.</summary>
internal sealed class JobRunner(WorkerOptions options, TimeProvider time, ILogger<JobRunner> logger)
{
    private static readonly JobError Unexpected = new("UNEXPECTED", "Something went wrong here; the log of the worker says what.");
    private static readonly JobError WorkerLost = new("WORKER_LOST", "The worker went away in the middle of the attempt.");
    private static readonly JobError NoHandler = new("JOB_TYPE_UNKNOWN", "This version of the worker does not know this type of job.");

    /// <summary>It never throws for what a job does; a database that is away is the caller's to wait out.</summary>
    public async Task Run(IServiceProvider services, ClaimedJob job, CancellationToken aborted)
    {
        ActFor(services, job);
        using var scope = logger.BeginScope(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["JobId"] = job.Id, ["JobType"] = job.Type, ["ClientId"] = job.ClientId, ["RequestId"] = job.RequestId,
        });
        using var told = new JobFigures(job);
        var run = new JobRun(job, time);
        await using var heartbeat = new Heartbeat(services.GetRequiredService<IServiceScopeFactory>(), run, options, logger, aborted);

        var (end, commit) = await Attempt(services, run, heartbeat);
        await heartbeat.Stop();
        if (heartbeat.LeaseLost)
        {
            await Leave(services, job);
            told.Ended(JobFigures.Lost);
            return;
        }

        try
        {
            told.Ended(await End(services, run, end, commit));
        }
#pragma warning disable CA1031 // a result that cannot be written costs this attempt alone; when the database is away, the second try throws as well
        catch (Exception exception) when (commit is not null)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "The result of {JobType} {JobId} could not be written in attempt {Attempt}", job.Type, job.Id, job.Attempt);
            told.Ended(await End(services, run, EndOfFailure(job, Unexpected, retryable: true)));
        }
    }

    /// <summary>Ends a job whose worker is gone: queued again, or dead when that was its last attempt.</summary>
    public async Task EndAbandoned(IServiceProvider services, ClaimedJob job)
    {
        ActFor(services, job);
        var run = new JobRun(job, time);
        run.Note("lease", WorkerLost.Message);
        JobFigures.Count(job, await End(services, run, EndOfFailure(job, WorkerLost, retryable: true) with { OnlyWhenLapsed = true }));
    }

    /// <summary>How the attempt ends, and what it writes with its end when it succeeds.</summary>
    private async Task<(JobEnd End, Func<CancellationToken, Task>? Commit)> Attempt(IServiceProvider services, JobRun run, Heartbeat heartbeat)
    {
        var job = run.Job;
        try
        {
            var handler = services.GetServices<IJobHandler>().FirstOrDefault(handler => handler.JobType == job.Type);
            if (handler is null) return Failed(NoHandler, retryable: true);

            var result = await handler.Run(run, heartbeat.Token);
            if (result is JobResult.Failed failed) return Failed(failed.Error, failed.Retryable);
            return (new JobEnd(JobStatus.Succeeded, RunAfter: null, Error: null), ((JobResult.Succeeded)result).Commit);
        }
        catch (OperationCanceledException) when (heartbeat.Token.IsCancellationRequested)
        {
            return heartbeat.CancelRequested
                ? (new JobEnd(JobStatus.Canceled, RunAfter: null, JobError.Canceled), null) // a person stopped it
                : (new JobEnd(JobStatus.Queued, time.GetUtcNow(), Error: null, CountsAsAttempt: false), null); // the worker stops; the job goes on elsewhere, at once
        }
        catch (OutageException exception)
        {
            logger.LogWarning(exception, "{JobType} {JobId} waits for the end of an outage: {ErrorCode}", job.Type, job.Id, exception.Error.Code);
            run.Fail(exception.Error);
            return (EndOfOutage(job, exception.Error), null);
        }
        catch (FaultException exception)
        {
            return Failed(exception.Error, retryable: false);
        }
#pragma warning disable CA1031 // whatever a handler throws costs this attempt alone
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "{JobType} {JobId} failed unexpectedly in attempt {Attempt}", job.Type, job.Id, job.Attempt);
            return Failed(Unexpected, retryable: true);
        }

        (JobEnd, Func<CancellationToken, Task>?) Failed(JobError error, bool retryable)
        {
            run.Fail(error);
            return (EndOfFailure(job, error, retryable), null);
        }
    }

    private JobEnd EndOfFailure(ClaimedJob job, JobError error, bool retryable) =>
        !retryable ? new(JobStatus.Failed, RunAfter: null, error)
        : job.Attempt >= job.MaxAttempts ? new(JobStatus.Dead, RunAfter: null, error)
        : new(JobStatus.Queued, time.GetUtcNow() + JobLifecycle.Backoff(job.Attempt, options.FirstBackoff, Random.Shared.NextDouble()), error);

    private JobEnd EndOfOutage(ClaimedJob job, JobError error)
    {
        var now = time.GetUtcNow();
        var lasting = now - (job.TriedSince ?? now);
        return lasting < options.OutagePatience
            ? new JobEnd(JobStatus.Queued, now + JobLifecycle.OutageWait(lasting, options.FirstBackoff, Random.Shared.NextDouble()), error, CountsAsAttempt: false)
            : new JobEnd(JobStatus.Dead, RunAfter: null, error);
    }

    /// <summary>What the figures say that became of it.</summary>
    private async Task<string> End(IServiceProvider services, JobRun run, JobEnd end, Func<CancellationToken, Task>? commit = null)
    {
        var job = run.Job;
        var queue = services.GetRequiredService<IJobQueue>();
        var held = await services.GetRequiredService<ITransactions>().Run(
            async cancellationToken =>
            {
                // asked for after the last heartbeat: what would be tried again is stopped here instead
                if (end.Status is JobStatus.Queued && await queue.IsCancelRequested(job, cancellationToken))
                    end = end with { Status = JobStatus.Canceled, RunAfter = null, Error = JobError.Canceled, CountsAsAttempt = true };
                if (!await queue.End(job, end, run.Timeline, cancellationToken)) return false;
                if (commit is not null) await commit(cancellationToken);
                if (end.Status is JobStatus.Failed or JobStatus.Dead or JobStatus.Canceled && SubjectOf(services, job) is { } subject)
                    await subject.GivenUp(job.SubjectId!.Value, end.Error!, cancellationToken);
                return true;
            },
            static held => held,
            again: false,
            CancellationToken.None);

        if (!held)
        {
            await Leave(services, job);
            return JobFigures.Lost;
        }

        var level = end.Status is JobStatus.Failed or JobStatus.Dead ? LogLevel.Warning : LogLevel.Information;
        logger.Log(level, "{JobType} {JobId} ended {JobStatus} after attempt {Attempt} {ErrorCode}", job.Type, job.Id, end.Status, job.Attempt, end.Error?.Code);
        return JobFigures.OutcomeOf(end);
    }

    /// <summary>After a lease was lost: the job is another's, who may have ended it long ago, but not what this attempt has left behind.</summary>
    private async Task Leave(IServiceProvider services, ClaimedJob job)
    {
        logger.LogWarning("The lease of {JobType} {JobId} was lost; another attempt has it", job.Type, job.Id);
        if (SubjectOf(services, job) is { } subject)
            await services.GetRequiredService<ITransactions>().Run(ct => subject.Left(job.SubjectId!.Value, ct), CancellationToken.None);
    }

    private static IJobSubject? SubjectOf(IServiceProvider services, ClaimedJob job) => services.GetServices<IJobSubject>().Of(job.SubjectType, job.SubjectId);

    private static void ActFor(IServiceProvider services, ClaimedJob job) => services.GetRequiredService<CallContext>().Caller =
        new Caller(job.ClientId, ActorKind.Job, job.Id, Role.Owner, job.RequestId ?? job.Id.ToString("n"));
}
