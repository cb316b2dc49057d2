using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>
/// DOCUMENT_PROCESS: renders the preview that a camera raw or a layered file carries, as a picture's variants. A document without one is ready
/// all the same; one whose preview cannot be rendered is as well, and says so.
/// </summary>
internal sealed class ProcessDocument(IProcessedMedia media, IMediaStores stores, RenditionWriter renditions, IScratchSpace scratchSpace) : IJobHandler
{
    private static readonly EmbeddedMetadata Unread = new(null, new Dictionary<string, object>(), null);

    public string JobType => Domain.Jobs.JobType.DocumentProcess.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        if (await run.Begin(media, stores, cancellationToken) is not (var source, var file)) return run.Purged(media);

        using var original = file;
        using var scratch = scratchSpace.Create(run.Job);
        var (outcome, variants) = await renditions.Write(run, source, original.Path, scratch.Folder, Recipes.OfImages, cancellationToken, ofPreview: true);
        if (outcome.Fault is { Retryable: true } fault) return await run.Failed(media, MediaFaults.Of(fault)!, retryable: true, cancellationToken);

        // The size of the preview is not the document's, and a document has none that all its readers agree on.
        var facts = new MediaFacts(
            MediaType.Document, Width: null, Height: null, Frames: null, DurationMs: null, FrameRate: null, VideoCodec: null, AudioCodec: null, BitRate: null,
            HasAudio: null, outcome.Facts?.PlaceholderHash, outcome.Facts?.PerceptualHash, outcome.Facts?.DominantColors ?? [], outcome.Facts?.Metadata ?? Unread);
        var warning = outcome.Fault is null or { Code: MediaFaults.PreviewMissing } ? null : MediaFaults.Of(outcome.Fault);
        return new JobResult.Succeeded(ct => media.SaveReady(source.Id, facts, variants, warning is null ? [] : [warning], ct));
    }
}
