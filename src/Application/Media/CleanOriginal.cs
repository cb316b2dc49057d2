using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>ORIGINAL_CLEAN: makes the copy of an original that may leave by a share link.</summary>
internal sealed class CleanOriginal(ICleanOriginals originals, IProcessedMedia media, IMediaStores stores, IMetadataCleaner cleaner, IScratchSpace scratchSpace) : IJobHandler
{
    /// <summary>Not <see cref="MediaJobs.SubjectType"/>: an asset whose copy fails has not failed.</summary>
    public const string SubjectType = "original_copy";

    public string JobType => Domain.Jobs.JobType.OriginalClean.Name;

    /// <summary>One at a time for an asset.</summary>
    public static NewJob Of(AssetId asset) => new(Domain.Jobs.JobType.OriginalClean, SubjectType, asset.Value, asset.Value.ToString("n"));

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        if (await run.Begin(media, stores, cancellationToken) is not (var source, var file)) return run.Purged(media);

        using var original = file;
        using var scratch = scratchSpace.Create(run.Job);
        var copy = Path.Combine(scratch.Folder, "copy." + source.Format.Extension);

        var fault = await run.Stage("clean", () => cleaner.WriteClean(original.Path, source.Format, copy, cancellationToken), fault => fault?.Error);
        if (fault is not null) return await run.Failed(media, fault.Error, fault.Retryable, cancellationToken);
        run.Progress = 70;

        var key = StorageKeys.CleanOriginal(run.Job.ClientId, source.Id, ICleanOriginals.Recipe, source.Format.Extension);
        var size = new FileInfo(copy).Length;
        var store = stores.Origin;
        await run.Stage("store", async () =>
        {
            await using var bytes = File.OpenRead(copy);
            await store.Put(key, bytes, source.Format.MimeType, cancellationToken);
            return key;
        });
        return new JobResult.Succeeded(ct => originals.Save(source.Id, source.Format, size, store.Provider, key, ct));
    }
}

/// <summary>Copies of originals that tell nothing of places. Writes run in the transaction that ends the job.</summary>
public interface ICleanOriginals
{
    /// <summary>What is taken out; raised when more is to go, so that copies of before are made again.</summary>
    const int Recipe = 1;

    /// <summary>Keeps a stored copy; when the asset was purged meanwhile, its objects are let go.</summary>
    Task Save(AssetId id, FileFormat format, long sizeBytes, string provider, string key, CancellationToken cancellationToken);
}

/// <summary>Takes out of a file all that it tells of its making, places first of all.</summary>
public interface IMetadataCleaner
{
    /// <summary>
    /// Writes a copy with the same picture, film or sound and without metadata, but for what it takes to show it (orientation, colours) and the
    /// names of its author and its copyright. The copy is read again: where a place is left in it, it is no copy.
    /// </summary>
    /// <returns>Null when written; otherwise why not.</returns>
    /// <exception cref="OutageException">The disk is full.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    Task<CleaningFault?> WriteClean(string sourcePath, FileFormat format, string outputPath, CancellationToken cancellationToken);
}

/// <summary>Why there is no clean copy: <c>CLEANING_FAILED</c>, <c>CLEANING_TIMED_OUT</c>, <c>LOCATION_LEFT</c>.</summary>
/// <param name="Retryable">True when the same file may do better another time.</param>
public sealed record CleaningFault(JobError Error, bool Retryable);
