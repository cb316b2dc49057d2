namespace MediaPlatform.Application.Jobs;

/// <summary>Does one type of job. It works outside any transaction and may be run again from the start at any time.</summary>
public interface IJobHandler
{
    /// <summary>Such as <c>MEDIA_PROCESS</c>.</summary>
    string JobType { get; }

    /// <summary>Does the work and says what to write. An exception costs the attempt, and the job is tried again.</summary>
    /// <exception cref="OutageException">Something that the job needs is away; this costs no attempt.</exception>
    /// <exception cref="FaultException">Trying again would give the same.</exception>
    Task<JobResult> Run(JobRun run, CancellationToken cancellationToken);
}

/// <summary>What came of an attempt, with what to write in the transaction that ends the job.</summary>
public abstract record JobResult
{
    private JobResult()
    {
    }

    /// <summary>Done.</summary>
    /// <param name="Commit">Writes the result, in the transaction that completes the job and only while the lease is held.</param>
    public sealed record Succeeded(Func<CancellationToken, Task> Commit) : JobResult;

    /// <summary>Not done.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="Retryable">False when trying again would give the same.</param>
    public sealed record Failed(JobError Error, bool Retryable) : JobResult;

    /// <summary>There was nothing to do.</summary>
    public static readonly JobResult Nothing = new Succeeded(static _ => Task.CompletedTask);
}

/// <summary>One attempt at a job, as its handler sees it.</summary>
public sealed class JobRun(ClaimedJob job, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly List<StageEntry> timeline = [];
    private int progress;

    /// <summary>The job.</summary>
    public ClaimedJob Job => job;

    /// <summary>0–100.</summary>
    public int Progress
    {
        get => Volatile.Read(ref progress);
        set => Volatile.Write(ref progress, Math.Clamp(value, 0, 100));
    }

    /// <summary>The stages of this attempt so far.</summary>
    public IReadOnlyList<StageEntry> Timeline
    {
        get
        {
            lock (gate) return [.. timeline];
        }
    }

    /// <summary>Runs one stage and keeps when it began and ended, and why it failed.</summary>
    public async Task<T> Stage<T>(string name, Func<Task<T>> work, Func<T, JobError?>? fault = null)
    {
        var index = Begin(name);
        try
        {
            var result = await work();
            End(index, fault?.Invoke(result));
            return result;
        }
        catch (Exception exception)
        {
            End(index, exception switch
            {
                OperationCanceledException => new JobError("STOPPED", "The attempt was stopped."),
                OutageException outage => outage.Error,
                FaultException permanent => permanent.Error,
                _ => new JobError("UNEXPECTED", $"Unexpected: {exception.GetType().Name}."),
            });
            throw;
        }
    }

    /// <summary>A remark in the timeline, such as that a poster could not be made.</summary>
    public void Note(string stage, string note)
    {
        var now = time.GetUtcNow();
        lock (gate) timeline.Add(new StageEntry(stage, job.Attempt, now, now, Error: null, note));
    }

    /// <summary>Why the attempt failed, unless one of its stages has said so.</summary>
    public void Fail(JobError error)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (!timeline.Exists(entry => entry.Error is not null)) timeline.Add(new StageEntry("attempt", job.Attempt, now, now, error));
        }
    }

    private int Begin(string name)
    {
        lock (gate)
        {
            timeline.Add(new StageEntry(name, job.Attempt, time.GetUtcNow(), EndedAt: null));
            return timeline.Count - 1;
        }
    }

    private void End(int index, JobError? error)
    {
        lock (gate) timeline[index] = timeline[index] with { EndedAt = time.GetUtcNow(), Error = error };
    }
}
