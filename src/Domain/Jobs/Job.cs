namespace MediaPlatform.Domain.Jobs;

/// <summary>One piece of work for the worker.</summary>
public readonly record struct JobId(Guid Value);

/// <summary>What shares a queue and a concurrency, so that one slow video never blocks thumbnails.</summary>
public enum JobFamily { Image, Video, Generation, Library, Maintenance }

/// <summary>Where a job stands.</summary>
public enum JobStatus
{
    /// <summary>Waits for a worker, or for the end of its backoff.</summary>
    Queued,
    /// <summary>A worker holds its lease.</summary>
    Running,
    /// <summary>Done.</summary>
    Succeeded,
    /// <summary>Gave a reason that trying again would not change.</summary>
    Failed,
    /// <summary>Tried as often as allowed.</summary>
    Dead,
    /// <summary>A person stopped it.</summary>
    Canceled,
}

/// <summary>A kind of job: its stable name and its family.</summary>
public sealed record JobType(string Name, JobFamily Family, int MaxAttempts = 5)
{
    public static readonly JobType MediaProcess = new("MEDIA_PROCESS", JobFamily.Image);
    public static readonly JobType VideoProcess = new("VIDEO_PROCESS", JobFamily.Video);
    public static readonly JobType DocumentProcess = new("DOCUMENT_PROCESS", JobFamily.Image);
    public static readonly JobType UploadVerify = new("UPLOAD_VERIFY", JobFamily.Library);
    public static readonly JobType OriginalClean = new("ORIGINAL_CLEAN", JobFamily.Video); // as long as a film is
    public static readonly JobType ThumbnailRender = new("THUMBNAIL_RENDER", JobFamily.Image); // of film it is queued with films
    public static readonly JobType LibraryGather = new("LIBRARY_GATHER", JobFamily.Library);
    public static readonly JobType LibraryGc = new("LIBRARY_GC", JobFamily.Maintenance);
    public static readonly JobType LibraryVerify = new("LIBRARY_VERIFY", JobFamily.Maintenance);
    public static readonly JobType LibraryRebase = new("LIBRARY_REBASE", JobFamily.Maintenance);
    public static readonly JobType TrashPurge = new("TRASH_PURGE", JobFamily.Maintenance);
    public static readonly JobType UploadExpire = new("UPLOAD_EXPIRE", JobFamily.Maintenance);
    public static readonly JobType GuestSessionExpire = new("GUEST_SESSION_EXPIRE", JobFamily.Maintenance);
    public static readonly JobType TagsRewrite = new("TAGS_REWRITE", JobFamily.Maintenance);
    public static readonly JobType JobExpire = new("JOB_EXPIRE", JobFamily.Maintenance);
    public static readonly JobType SearchReindex = new("SEARCH_REINDEX", JobFamily.Maintenance);
    public static readonly JobType SetCompilationRecalc = new("SET_COMPILATION_RECALC", JobFamily.Maintenance);
    public static readonly JobType SetImport = new("SET_IMPORT", JobFamily.Maintenance);
    public static readonly JobType ExportRun = new("EXPORT_RUN", JobFamily.Maintenance);
    public static readonly JobType ExportExpire = new("EXPORT_EXPIRE", JobFamily.Maintenance);
}

/// <summary>What a person may do with a job.</summary>
public static class JobLifecycle
{
    /// <summary>What a request to cancel does in each status.</summary>
    public static Result<CancelEffect> Cancel(JobId id, JobStatus status) => status switch
    {
        JobStatus.Queued => CancelEffect.AtOnce,
        JobStatus.Running => CancelEffect.AskWorker,
        JobStatus.Canceled => CancelEffect.Nothing,
        _ => new JobAlreadyFinished(id, status),
    };

    /// <summary>Only what has failed for good, or was stopped, can be tried again.</summary>
    public static Result<Done> Retry(JobId id, JobStatus status) => status switch
    {
        JobStatus.Failed or JobStatus.Dead or JobStatus.Canceled => Done.Instance,
        JobStatus.Succeeded => new JobAlreadyFinished(id, status),
        _ => new JobStillLive(id, status),
    };

    /// <summary>
    /// The wait before another attempt: exponential with full jitter over its upper half,
    /// <c>base × 2^(attempt − 1)</c> and at most ten minutes, times 0.5 to 1.
    /// </summary>
    /// <param name="attempt">How many attempts were made, from 1.</param>
    /// <param name="first">The base.</param>
    /// <param name="random">0 (inclusive) to 1 (exclusive).</param>
    public static TimeSpan Backoff(int attempt, TimeSpan first, double random) => Spread(first * Math.Pow(2, Math.Clamp(attempt - 1, 0, 20)), random);

    /// <summary>
    /// The wait for the end of an outage: as long again as it has lasted for the job, at least <paramref name="first"/> and at most
    /// ten minutes, times 0.5 to 1.
    /// </summary>
    /// <param name="lasting">Since the job was first tried.</param>
    /// <param name="first">The shortest.</param>
    /// <param name="random">0 (inclusive) to 1 (exclusive).</param>
    public static TimeSpan OutageWait(TimeSpan lasting, TimeSpan first, double random) => Spread(lasting > first ? lasting : first, random);

    private static TimeSpan Spread(TimeSpan whole, double random) => TimeSpan.FromSeconds(Math.Min(whole.TotalSeconds, 600) * (0.5 + random / 2));
}

/// <summary>What a request to cancel does.</summary>
public enum CancelEffect { AtOnce, AskWorker, Nothing }
