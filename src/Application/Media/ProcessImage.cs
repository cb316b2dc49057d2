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
        if (await media.Find(clientId, id, cancellationToken) is not { } source) return new JobResult.Succeeded(ct => media.LetGo(clientId, id, store.Provider, ct));

        using var original = await run.Stage("fetch", () => store.OpenFile(source.StorageKey, cancellationToken), MediaFaults.WhenMissing);
        if (original is null) return MediaFaults.OriginalMissing;
        run.Progress = 10;

        using var scratch = renditions.CreateScratch(run.Job);
        var (outcome, variants) = await renditions.Write(run, source.Id, original.Path, scratch.Folder, Recipes.OfImages, cancellationToken);
        if (outcome.Fault is { } fault) return new JobResult.Failed(new(fault.Code, fault.Message), fault.Retryable);

        var picture = outcome.Facts!;
        var facts = new MediaFacts(
            MediaType.Image, picture.Width, picture.Height, picture.Frames, DurationMs: null, FrameRate: null, VideoCodec: null, AudioCodec: null, BitRate: null,
            HasAudio: null, picture.PlaceholderHash, picture.DominantColors, picture.Metadata);
        return new JobResult.Succeeded(ct => media.SaveReady(clientId, source.Id, facts, variants, [], ct));
    }
}

/// <summary>Faults that pictures and films share.</summary>
internal static class MediaFaults
{
    private static readonly JobError Missing = new("ORIGINAL_MISSING", "The original is not in the media storage.");

    /// <summary>Tried again: a disk that is not mounted looks the same.</summary>
    public static readonly JobResult OriginalMissing = new JobResult.Failed(Missing, Retryable: true);

    public static JobError? WhenMissing(LocalFile? file) => file is null ? Missing : null;
}
