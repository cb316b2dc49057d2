using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>The job of an upload whose bytes did not pass through the API.</summary>
internal static class UploadJobs
{
    public const string SubjectType = "upload";

    /// <summary>Reads, checks and hashes the bytes, and makes an asset of them.</summary>
    public static NewJob Verify(UploadId upload) => new(JobType.UploadVerify, SubjectType, upload.Value, upload.Value.ToString("n"));

    /// <summary>Where a client sends the bytes of an upload in one go: beside the key that they will have.</summary>
    public static string IncomingKey(NewUpload upload) => $"{upload.StorageKey[..(upload.StorageKey.LastIndexOf('/') + 1)]}{StorageKeys.IncomingName}";
}
