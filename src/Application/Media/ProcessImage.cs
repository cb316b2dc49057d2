using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>MEDIA_PROCESS: reads a picture's facts and renders its variants, from one decode.</summary>
internal sealed class ProcessImage(IProcessedMedia media, IMediaStores stores, RenditionWriter renditions, IScratchSpace scratchSpace) : IJobHandler
{
    public string JobType => Domain.Jobs.JobType.MediaProcess.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        if (await run.Begin(media, stores, cancellationToken) is not (var source, var file)) return run.Purged(media);

        using var original = file;
        using var scratch = scratchSpace.Create(run.Job);
        var (outcome, variants) = await renditions.Write(run, source, original.Path, scratch.Folder, Recipes.OfImages, cancellationToken);
        if (outcome.Fault is { } fault) return await run.Failed(media, MediaFaults.Of(fault)!, fault.Retryable, cancellationToken);

        var picture = outcome.Facts!;
        var facts = new MediaFacts(
            MediaType.Image, picture.Width, picture.Height, picture.Frames, DurationMs: null, FrameRate: null, VideoCodec: null, AudioCodec: null, BitRate: null,
            HasAudio: null, picture.PlaceholderHash, picture.PerceptualHash, picture.DominantColors, picture.Metadata);
        return new JobResult.Succeeded(ct => media.SaveReady(source.Id, facts, variants, [], ct));
    }
}
