using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>How pictures and films end alike when something goes wrong, and what of it is an outage.</summary>
internal static class MediaFaults
{
    /// <summary>There is no room for files that are worked on.</summary>
    public const string DiskFull = "DISK_FULL";

    /// <inheritdoc cref="DiskFull"/>
    public static readonly JobError NoRoom = new(DiskFull, "There is no room for files that are worked on.");

    /// <summary>An outage as well: a disk that is not mounted looks the same.</summary>
    public const string OriginalMissing = "ORIGINAL_MISSING";

    /// <summary>No fault of a document: not every one carries a preview.</summary>
    public const string PreviewMissing = "PREVIEW_MISSING";

    /// <summary>What every job of an asset begins with: the asset, and its original as a file. Null when the asset was purged meanwhile.</summary>
    /// <exception cref="OutageException">The store is away, or the original is not in it.</exception>
    /// <exception cref="FaultException">A registered original may not be read any more, or is another by now.</exception>
    public static async Task<(ProcessingSource Source, LocalFile Original)?> Begin(this JobRun run, IProcessedMedia media, IMediaStores stores, CancellationToken cancellationToken)
    {
        if (await media.Find(new(run.Job.SubjectId!.Value), cancellationToken) is not { } source) return null;

        var original = await run.Stage("fetch", async () =>
            !source.MayBeRead ? throw new FaultException(JobError.Of(new OriginalNotAllowed()))
            : await stores.Of(source.StorageProvider).OpenFile(source.StorageKey, cancellationToken) ?? throw new OutageException(new(OriginalMissing, "The original is not in the media storage.")));
        run.Progress = 10;
        return (source, original);
    }

    /// <summary>What the timeline says of a fault.</summary>
    /// <exception cref="OutageException">It is no fault of the file.</exception>
    public static JobError? Of(RenderFault? fault) => fault is null ? null : Of(new JobError(fault.Code, fault.Message));

    /// <inheritdoc cref="Of(RenderFault?)"/>
    public static JobError? Of(ProbeFault? fault) => fault is null ? null : Of(new JobError(fault.Code, fault.Message));

    /// <summary>A fault of an asset that was purged meanwhile is none: its original was deleted under the reader.</summary>
    public static async Task<JobResult> Failed(this JobRun run, IProcessedMedia media, JobError error, bool retryable, CancellationToken cancellationToken) =>
        await media.Find(new(run.Job.SubjectId!.Value), cancellationToken) is null ? run.Purged(media) : new JobResult.Failed(error, retryable);

    /// <summary>There is nothing to do, but what attempts have stored since the purge goes as well.</summary>
    public static JobResult Purged(this JobRun run, IProcessedMedia media)
    {
        run.Note("purge", "The asset was purged meanwhile.");
        return new JobResult.Succeeded(ct => media.LetGo(new(run.Job.SubjectId!.Value), ct));
    }

    private static JobError Of(JobError error) => error.Code is DiskFull or OriginalMissing ? throw new OutageException(error) : error;
}
