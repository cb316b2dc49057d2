using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Episodes;

/// <summary>THUMBNAIL_RENDER: lays the parts of a thumbnail upon each other, each decoded once, and derives its sizes from that.</summary>
internal sealed class RenderThumbnail(IThumbnails thumbnails, IProcessedMedia media, IMediaStores stores, IVideoProber prober, IImageDecoder decoder, IScratchSpace scratchSpace) : IJobHandler
{
    public const string SubjectType = "thumbnail";

    private const int Quality = 85;

    public string JobType => Domain.Jobs.JobType.ThumbnailRender.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var (id, job) = (run.Job.SubjectId!.Value, run.Job.Id);
        if (await thumbnails.FindWanted(id, job, cancellationToken) is not { } wanted)
        {
            run.Note("compare", "Another thumbnail is wanted since, or none.");
            return new JobResult.Succeeded(ct => thumbnails.LetGo(id, job, ct));
        }

        using var scratch = scratchSpace.Create(run.Job);
        using var originals = new Originals();
        var layers = new List<Layer>();
        foreach (var (part, (fills, left, top, width, height)) in wanted.Parts.Zip(ThumbnailLayout.Of(wanted.Parts)))
        {
            var (picture, fault) = await Fetch(run, part, originals, Path.Combine(scratch.Folder, $"frame-{layers.Count}.png"), cancellationToken);
            if (picture is null) return fault!;
            layers.Add(new(picture.Path, picture.IsPreview, fills, left, top, width, height));
        }

        run.Progress = 50;
        var scene = new Scene(ThumbnailSize.Large.Width, ThumbnailSize.Large.Height, layers);
        RenditionSpec[] specs = [.. ThumbnailSize.All.Select(size => new RenditionSpec(size.Name, RenditionFit.Width, size.Width, Quality, Path.Combine(scratch.Folder, size.Name)))];
        var outcome = await run.Stage("render", () => decoder.Render(new RenderRequest(layers[0].SourcePath, Limits: null, specs) { Scene = scene }, cancellationToken), result => MediaFaults.Of(result.Fault));
        if (outcome.Fault is { } failed) return new JobResult.Failed(MediaFaults.Of(failed)!, failed.Retryable);

        run.Progress = 80;
        var store = stores.Thumbnails;
        await run.Stage("store", async () =>
        {
            foreach (var rendition in outcome.Renditions)
            {
                await using var bytes = File.OpenRead(rendition.Path);
                await store.Put($"{wanted.Folder}{rendition.Preset}.jpg", bytes, FileFormats.Jpeg.MimeType, cancellationToken);
            }

            return outcome;
        });
        var rendered = new RenderedThumbnail(wanted.Folder, store.Provider, [.. outcome.Renditions.Select(rendition => rendition.SizeBytes)]);
        return new JobResult.Succeeded(ct => thumbnails.SaveReady(id, job, rendered, ct));
    }

    /// <summary>A part as a file that the decoder reads: its original, or a frame of its footage.</summary>
    private async Task<(Picture? Picture, JobResult? Fault)> Fetch(JobRun run, ThumbnailPart part, Originals originals, string frame, CancellationToken cancellationToken)
    {
        if (await media.Find(new(part.AssetId), cancellationToken) is not { } source) return (null, new JobResult.Failed(new("ASSET_NOT_FOUND", "A picture was deleted meanwhile."), Retryable: true));

        var original = originals.Hold(await run.Stage("fetch", async () =>
            !source.MayBeRead ? throw new FaultException(JobError.Of(new OriginalNotAllowed()))
            : await stores.Of(source.StorageProvider).OpenFile(source.StorageKey, cancellationToken) ?? throw new OutageException(new(MediaFaults.OriginalMissing, "The original is not in the media storage."))));
        if (source.Format.Type is not (MediaType.Video or MediaType.Audio)) return (new(original, source.Format.Type is MediaType.Document), null);

        var demuxer = source.Format.Demuxer!;
        var probed = await run.Stage("probe", () => prober.Probe(original, demuxer, cancellationToken), result => MediaFaults.Of(result.Fault));
        var fault = probed.Fault ?? await run.Stage("frame", () => prober.WriteFrame(original, demuxer, probed.Facts!, part.Seconds, frame, cancellationToken), MediaFaults.Of);
        return fault is null ? (new(frame, IsPreview: false), null) : (null, new JobResult.Failed(MediaFaults.Of(fault)!, fault.Retryable));
    }

    private sealed record Picture(string Path, bool IsPreview);

    /// <summary>The files of an attempt, which are there until it ends.</summary>
    private sealed class Originals : IDisposable
    {
        private readonly List<LocalFile> held = [];

        public string Hold(LocalFile file)
        {
            held.Add(file);
            return file.Path;
        }

        public void Dispose() => held.ForEach(file => file.Dispose());
    }
}
