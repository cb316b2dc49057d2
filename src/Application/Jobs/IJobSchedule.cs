namespace MediaPlatform.Application.Jobs;

/// <summary>The clockwork of all tenants; one worker at a time runs it.</summary>
public interface IJobSchedule
{
    /// <summary>The right to run the clockwork, or null while another worker has it.</summary>
    /// <param name="silence">How long its holder may say nothing; then it counts as gone, though its connection may stand, and another may take it.</param>
    Task<ISchedulerLock?> TryTake(TimeSpan silence, CancellationToken cancellationToken);

    /// <summary>Makes the change log's partitions ahead and queues the maintenance that tenants need.</summary>
    Task EnqueueDue(CancellationToken cancellationToken);
}

/// <summary>Held until it is disposed of, or its connection breaks.</summary>
public interface ISchedulerLock : IAsyncDisposable
{
    Task<bool> IsHeld(CancellationToken cancellationToken);
}
