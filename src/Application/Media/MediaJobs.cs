using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>The jobs of an asset.</summary>
internal static class MediaJobs
{
    public const string SubjectType = "media_asset";

    /// <summary>Probes and renders; one at a time for an asset.</summary>
    public static NewJob Process(AssetId asset, MediaType type) => new(TypeFor(type), SubjectType, asset.Value, asset.Value.ToString("n"));

    private static JobType TypeFor(MediaType type) => type switch
    {
        MediaType.Image => JobType.MediaProcess,
        MediaType.Document => JobType.DocumentProcess,
        _ => JobType.VideoProcess,
    };
}
