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
    private static readonly JobError NoHandler = new("JOB_TYPE_UNKNOWN", "This version of the worker does not know this type of job.");

    /// <summary>It never throws for what a job does; a database that is away is the caller's to wait out.</summary>
    public async Task Run(IServiceProvider services, ClaimedJob job, CancellationToken aborted)
    {
        ActFor(services, job);
        using var scope = logger.BeginScope(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["JobId"] = job.Id, ["JobType"] = job.Type, ["ClientId"] = job.ClientId, ["RequestId"] = job.RequestId,
        });
        var run = new JobRun(job, time);
        await using var heart = new Heart(services.GetRequiredService<IServiceScopeFactory>(), run, options, logger, aborted);

        var result = await Attempt(services, run, heart);
        if (result is Failed failed) run.Fail(failed.Error);
        await heart.Stop();
        if (heart.LeaseLost)
        {
            await Leave(services, job);
            return;
        }

        try
        {
            await End(services, run, EndOf(job, result), result as JobResult.Succeeded);
        }
#pragma warning disable CA1031 // a result that cannot be written costs this attempt alone; when the database is away, the second try throws as well
        catch (Exception exception) when (result is JobResult.Succeeded)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "The result of {JobType} {JobId} could not be written in attempt {Attempt}", job.Type, job.Id, job.Attempt);
            await End(services, run, EndOf(job, new Failed(Unexpected, Retryable: true)));
        }
    }

    /// <summary>Ends a job whose worker is gone: queued again, or dead when that was its last attempt.</summary>
    public Task EndAbandoned(IServiceProvider services, ClaimedJob job)
    {
        ActFor(services, job);
        var run = new JobRun(job, time);
        run.Note("lease", "The worker went away in the middle of the attempt.");
        var end = EndOf(job, new Failed(new("WORKER_LOST", "The worker went away in the middle of the attempt."), Retryable: true));
        return End(services, run, end with { OnlyWhenLapsed = true });
    }

    private async Task<object> Attempt(IServiceProvider services, JobRun run, Heart heart)
    {
        try
        {
            var handler = services.GetServices<IJobHandler>().FirstOrDefault(handler => handler.JobType == run.Job.Type);
            if (handler is null) return new Failed(NoHandler, Retryable: true);
            return await handler.Run(run, heart.Token) switch
            {
                JobResult.Succeeded succeeded => succeeded,
                JobResult.Failed failed => new Failed(failed.Error, failed.Retryable),
                var other => throw new InvalidOperationException($"A job ended as {other.GetType().Name}."),
            };
        }
        catch (OperationCanceledException) when (heart.Token.IsCancellationRequested)
        {
            return heart.CancelRequested ? new Stopped() : new GivenBack();
        }
        catch (OutageException exception)
        {
            logger.LogWarning(exception, "{JobType} {JobId} waits for the end of an outage: {ErrorCode}", run.Job.Type, run.Job.Id, exception.Error.Code);
            return new Failed(exception.Error, Retryable: true, Outage: true);
        }
        catch (FaultException exception)
        {
            return new Failed(exception.Error, Retryable: false);
        }
#pragma warning disable CA1031 // whatever a handler throws costs this attempt alone
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "{JobType} {JobId} failed unexpectedly in attempt {Attempt}", run.Job.Type, run.Job.Id, run.Job.Attempt);
            return new Failed(Unexpected, Retryable: true);
        }
    }

    private JobEnd EndOf(ClaimedJob job, object result) => result switch
    {
        Failed { Outage: true } failed => EndOfOutage(job, failed.Error),
        JobResult.Succeeded => new JobEnd(JobStatus.Succeeded, RunAfter: null, Error: null),
        GivenBack => new JobEnd(JobStatus.Queued, time.GetUtcNow(), Error: null, CountsAsAttempt: false),
        Stopped => new JobEnd(JobStatus.Canceled, RunAfter: null, JobError.Canceled),
        Failed { Retryable: false } failed => new JobEnd(JobStatus.Failed, RunAfter: null, failed.Error),
        Failed failed when job.Attempt >= job.MaxAttempts => new JobEnd(JobStatus.Dead, RunAfter: null, failed.Error),
        Failed failed => new JobEnd(JobStatus.Queued, time.GetUtcNow() + JobLifecycle.Backoff(job.Attempt, options.FirstBackoff, Random.Shared.NextDouble()), failed.Error),
        _ => throw new InvalidOperationException($"A job ended as {result.GetType().Name}."),
    };

    private JobEnd EndOfOutage(ClaimedJob job, JobError error)
    {
        var now = time.GetUtcNow();
        var lasting = now - (job.TriedSince ?? now);
        return lasting < options.OutagePatience
            ? new JobEnd(JobStatus.Queued, now + JobLifecycle.OutageWait(lasting, options.FirstBackoff, Random.Shared.NextDouble()), error, CountsAsAttempt: false)
            : new JobEnd(JobStatus.Dead, RunAfter: null, error);
    }

    private async Task End(IServiceProvider services, JobRun run, JobEnd end, JobResult.Succeeded? succeeded = null)
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
                if (succeeded is not null) await succeeded.Commit(cancellationToken);
                if (end.Status is JobStatus.Failed or JobStatus.Dead or JobStatus.Canceled && SubjectOf(services, job) is { } subject)
                    await subject.GivenUp(job.ClientId, job.SubjectId!.Value, end.Error!, cancellationToken);
                return true;
            },
            static held => held,
            CancellationToken.None);

        if (!held)
        {
            await Leave(services, job);
            return;
        }

        var level = end.Status is JobStatus.Failed or JobStatus.Dead ? LogLevel.Warning : LogLevel.Information;
        logger.Log(level, "{JobType} {JobId} ended {JobStatus} after attempt {Attempt} {ErrorCode}", job.Type, job.Id, end.Status, job.Attempt, end.Error?.Code);
    }

    /// <summary>After a lease was lost: the job is another's, who may have ended it long ago, but not what this attempt has left behind.</summary>
    private async Task Leave(IServiceProvider services, ClaimedJob job)
    {
        logger.LogWarning("The lease of {JobType} {JobId} was lost; another attempt has it", job.Type, job.Id);
        if (SubjectOf(services, job) is { } subject)
            await services.GetRequiredService<ITransactions>().Run(ct => subject.Left(job.ClientId, job.SubjectId!.Value, ct), CancellationToken.None);
    }

    private static IJobSubject? SubjectOf(IServiceProvider services, ClaimedJob job) =>
        job.SubjectId is null ? null : services.GetServices<IJobSubject>().FirstOrDefault(subject => subject.SubjectType == job.SubjectType);

    private static void ActFor(IServiceProvider services, ClaimedJob job) => services.GetRequiredService<CallContext>().Caller =
        new Caller(job.ClientId, ActorKind.Job, job.Id, Role.Owner, job.RequestId ?? job.Id.ToString("n"));

    private sealed record Failed(JobError Error, bool Retryable, bool Outage = false);

    /// <summary>A person stopped it.</summary>
    private sealed record Stopped;

    /// <summary>The worker stops; the job goes on elsewhere, at once.</summary>
    private sealed record GivenBack;
}
