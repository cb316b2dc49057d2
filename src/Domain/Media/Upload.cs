namespace MediaPlatform.Domain.Media;

/// <summary>The ways in.</summary>
public enum UploadKind { Direct, Presigned, Multipart, Registered, Url, Stock, Generated }

/// <summary>Where an upload stands.</summary>
public enum UploadStatus { Open, Received, Verifying, Completed, Conflict, Rejected, Expired }

/// <summary>What to do when the same bytes lie in the trash.</summary>
public enum OnTrashed
{
    /// <summary>Say so and refuse.</summary>
    Refuse,
    /// <summary>Take the asset out of the trash; needs no more than the right to upload.</summary>
    Restore,
}
