using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>MEDIA_PROCESS: reads a picture's facts and renders its variants, from one decode.</summary>
internal sealed class ProcessImage(IProcessedMedia media, IMediaStore store, RenditionWriter renditions) : IJobHandler
{
    public string JobType => Domain.Jobs.JobType.MediaProcess.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var clientId = run.Job.ClientId;
        var id = new AssetId(run.Job.SubjectId!.Value);
        if (await media.Find(clientId, id, cancellationToken) is not { } source) return run.Purged(media, store);

        using var original = await run.Stage("fetch", () => store.OpenFile(source.StorageKey, cancellationToken), MediaFaults.WhenMissing);
        if (original is null) return await run.Failed(media, store, MediaFaults.Missing, retryable: true, cancellationToken);
        run.Progress = 10;

        using var scratch = renditions.CreateScratch(run.Job);
        var (outcome, variants) = await renditions.Write(run, source.Id, original.Path, scratch.Folder, Recipes.OfImages, cancellationToken);
        if (outcome.Fault is { } fault) return await run.Failed(media, store, new(fault.Code, fault.Message), fault.Retryable, cancellationToken);

        var picture = outcome.Facts!;
        var facts = new MediaFacts(
            MediaType.Image, picture.Width, picture.Height, picture.Frames, DurationMs: null, FrameRate: null, VideoCodec: null, AudioCodec: null, BitRate: null,
            HasAudio: null, picture.PlaceholderHash, picture.DominantColors, picture.Metadata);
        return new JobResult.Succeeded(ct => media.SaveReady(clientId, source.Id, facts, variants, [], ct));
    }
}

/// <summary>Ends that pictures and films share.</summary>
internal static class MediaFaults
{
    /// <summary>To be tried again: a disk that is not mounted looks the same.</summary>
    public static readonly JobError Missing = new("ORIGINAL_MISSING", "The original is not in the media storage.");

    public static JobError? WhenMissing(LocalFile? file) => file is null ? Missing : null;

    /// <summary>A fault of an asset that was purged meanwhile is none: its original was deleted under the reader.</summary>
    public static async Task<JobResult> Failed(
        this JobRun run, IProcessedMedia media, IMediaStore store, JobError error, bool retryable, CancellationToken cancellationToken) =>
        await media.Find(run.Job.ClientId, new(run.Job.SubjectId!.Value), cancellationToken) is null ? run.Purged(media, store) : new JobResult.Failed(error, retryable);

    /// <summary>There is nothing to do, but what attempts have stored since the purge goes as well.</summary>
    public static JobResult Purged(this JobRun run, IProcessedMedia media, IMediaStore store)
    {
        run.Note("purge", "The asset was purged meanwhile.");
        return new JobResult.Succeeded(ct => media.LetGo(run.Job.ClientId, new(run.Job.SubjectId!.Value), store.Provider, ct));
    }
}
