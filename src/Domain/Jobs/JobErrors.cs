namespace MediaPlatform.Domain.Jobs;

public sealed record JobNotFound(JobId Id) : NotFoundError("JOB_NOT_FOUND", $"Job {Id.Value} does not exist; a job is kept for 24 hours after it succeeded, 30 days after it failed.");
public sealed record JobAlreadyFinished(JobId Id, JobStatus Status) : LockedError("JOB_ALREADY_FINISHED", $"Job {Id.Value} is {Names.Of(Status)}.");
public sealed record JobStillLive(JobId Id, JobStatus Status) : LockedError("JOB_STILL_LIVE", $"Job {Id.Value} is {Names.Of(Status)}; there is nothing to retry.");
public sealed record JobReplaced(JobId Id) : ConflictError("JOB_REPLACED", $"Another live job does the work of job {Id.Value} already.");
