namespace MediaPlatform.Application.Jobs;

/// <summary>The clockwork of all tenants; one worker at a time runs it.</summary>
public interface IJobSchedule
{
    /// <summary>The right to run the clockwork, or null while another worker has it.</summary>
    /// <param name="silence">How long its holder may say nothing; then it counts as gone, though its connection may stand, and another may take it.</param>
    Task<ISchedulerLock?> TryTake(TimeSpan silence, CancellationToken cancellationToken);

    /// <summary>Makes the change log's partitions of this month and of two ahead.</summary>
    Task MakePartitions(CancellationToken cancellationToken);

    /// <summary>Queues the closing of uploads that were never finished, for each tenant that has some.</summary>
    Task EnqueueUploadExpire(CancellationToken cancellationToken);

    /// <summary>Queues the purge of the trash, for each tenant that has kept some for long enough.</summary>
    Task EnqueueTrashPurge(CancellationToken cancellationToken);

    /// <summary>Queues the forgetting of finished jobs, for each tenant that has old ones.</summary>
    Task EnqueueJobExpire(CancellationToken cancellationToken);

    /// <summary>Queues the removal of exports that have been kept for long enough, for each tenant that has some.</summary>
    Task EnqueueExportExpire(CancellationToken cancellationToken);

    /// <summary>Queues the forgetting of guests' sessions that have expired, for each tenant that has some.</summary>
    Task EnqueueGuestSessionExpire(CancellationToken cancellationToken);

    /// <summary>Queues the finding out of compilations, for each tenant whose sets show something else since, whatever changed that: a purge of media as well.</summary>
    Task EnqueueCompilationRecalc(CancellationToken cancellationToken);

    /// <summary>Queues an eviction, for each tenant whose stock media take more than they may: since that was changed, mostly.</summary>
    Task EnqueueLibraryGc(CancellationToken cancellationToken);
}

/// <summary>Held until it is disposed of, or its connection breaks.</summary>
public interface ISchedulerLock : IAsyncDisposable
{
    Task<bool> IsHeld(CancellationToken cancellationToken);
}
