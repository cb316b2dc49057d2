namespace MediaPlatform.Application.Jobs;

/// <summary>A job cannot be done, now or later.</summary>
/// <param name="error">What the job's timeline says.</param>
public class FaultException(JobError error, Exception? innerException = null) : Exception(error.Message, innerException)
{
    /// <summary>What the job's timeline says.</summary>
    public JobError Error => error;
}

/// <summary>Something that jobs need is away or full. It says nothing against the job, which waits it out and uses up no attempt.</summary>
/// <param name="error">What the job's timeline says.</param>
/// <param name="message">For the log, when that can say more.</param>
public class OutageException(JobError error, string? message = null, Exception? innerException = null) : Exception(message ?? error.Message, innerException)
{
    /// <summary>What the job's timeline says.</summary>
    public JobError Error => error;
}
