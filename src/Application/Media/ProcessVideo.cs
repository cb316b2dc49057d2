using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>VIDEO_PROCESS: reads the facts of a film or a sound and makes its poster. Without a poster the asset is ready all the same, and says so.</summary>
internal sealed class ProcessVideo(IProcessedMedia media, IMediaStores stores, IVideoProber prober, RenditionWriter renditions, IScratchSpace scratchSpace) : IJobHandler
{
    public string JobType => Domain.Jobs.JobType.VideoProcess.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        if (await run.Begin(media, stores, cancellationToken) is not (var source, var file)) return run.Purged(media);

        using var original = file;
        var demuxer = source.Format.Demuxer!;
        var probed = await run.Stage("probe", () => prober.Probe(original.Path, demuxer, cancellationToken), result => MediaFaults.Of(result.Fault));
        if (probed.Fault is { } unreadable) return await run.Failed(media, MediaFaults.Of(unreadable)!, unreadable.Retryable, cancellationToken);
        run.Progress = 30;

        var film = probed.Facts!;
        using var scratch = scratchSpace.Create(run.Job);
        var poster = new Poster(null, [], null);
        if (film.VideoCodec is not null || film.HasAttachedPicture)
        {
            poster = await MakePoster(run, source, original.Path, demuxer, film, scratch.Folder, cancellationToken);
            if (poster.Fault is not null) poster = await MakePoster(run, source, original.Path, demuxer, film, scratch.Folder, cancellationToken);
        }

        var facts = new MediaFacts(
            film.VideoCodec is null ? MediaType.Audio : MediaType.Video, film.Width, film.Height, Frames: null, film.DurationMs, film.FramesPerSecond, film.VideoCodec,
            film.AudioCodec, film.BitRate, film.HasAudio, poster.Picture?.PlaceholderHash, poster.Picture?.PerceptualHash, poster.Picture?.DominantColors ?? [], film.Metadata);
        return new JobResult.Succeeded(
            ct => media.SaveReady(source.Id, facts, poster.Variants, poster.Fault is { } warning ? [warning] : [], ct));
    }

    private async Task<Poster> MakePoster(
        JobRun run, ProcessingSource source, string path, string demuxer, VideoFacts film, string folder, CancellationToken cancellationToken)
    {
        var frame = Path.Combine(folder, "frame.png");
        var missed = await run.Stage("poster", () => prober.WritePoster(path, demuxer, film, frame, cancellationToken), MediaFaults.Of);
        if (missed is not null) return new(null, [], MediaFaults.Of(missed));

        var (outcome, variants) = await renditions.Write(run, source, frame, folder, Recipes.OfVideos, cancellationToken);
        return outcome.Fault is { } fault ? new(null, [], MediaFaults.Of(fault)) : new(outcome.Facts, variants, null);
    }

    private sealed record Poster(ImageFacts? Picture, IReadOnlyList<NewVariant> Variants, JobError? Fault);
}
