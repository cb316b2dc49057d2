namespace MediaPlatform.Domain.Media;

/// <summary>The ways in.</summary>
public enum UploadKind { Direct, Presigned, Multipart, Registered, Url, Stock, Generated }

/// <summary>Where an upload stands.</summary>
public enum UploadStatus { Open, Received, Verifying, Completed, Conflict, Rejected, Expired }

/// <summary>What to do when the same bytes are of another session than the one that the upload is for.</summary>
public enum OnOtherSession
{
    /// <summary>Wait for somebody's decision: nothing is moved by itself.</summary>
    Ask,
    /// <summary>Leave them where they are.</summary>
    Keep,
    /// <summary>Move them.</summary>
    Move,
}

/// <summary>What to do when the same bytes lie in the trash.</summary>
public enum OnTrashed
{
    /// <summary>Say so and refuse.</summary>
    Refuse,
    /// <summary>Take the asset out of the trash; needs no more than the right to upload.</summary>
    Restore,
}
