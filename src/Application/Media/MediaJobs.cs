using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>The jobs of an asset, and of an upload that is to become one; one at a time for each.</summary>
internal static class MediaJobs
{
    public const string SubjectType = "media_asset";
    public const string UploadSubjectType = "upload";

    /// <summary>Reads, checks and hashes the bytes of an upload that did not pass through the API, and makes an asset of them.</summary>
    public static NewJob Verify(UploadId upload) => new(JobType.UploadVerify, UploadSubjectType, upload.Value, upload.Value.ToString("n"));

    /// <summary>Probes and renders.</summary>
    public static NewJob Process(AssetId asset, MediaType type) => new(TypeFor(type), SubjectType, asset.Value, asset.Value.ToString("n"));

    private static JobType TypeFor(MediaType type) => type switch
    {
        MediaType.Image => JobType.MediaProcess,
        MediaType.Document => JobType.DocumentProcess,
        _ => JobType.VideoProcess,
    };
}
