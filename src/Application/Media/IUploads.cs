using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>The uploads of the caller's client, for writing.</summary>
public interface IUploads
{
    /// <summary>The MIME types that the client takes in; null for all that the platform supports.</summary>
    Task<IReadOnlyList<string>?> AllowedTypes(CancellationToken cancellationToken);

    Task Add(NewUpload upload, CancellationToken cancellationToken);

    /// <summary>Whether the upload is still open; if so it is locked, and no sweep takes it before the transaction ends.</summary>
    Task<bool> LockOpen(UploadId id, CancellationToken cancellationToken);

    /// <summary>The bytes have become an asset, or are those of one. When it is an older one, the upload's own object is let go.</summary>
    Task Complete(UploadId id, AssetId asset, long sizeBytes, byte[] sha256, CancellationToken cancellationToken);

    /// <summary>Ends an open upload and keeps the reason. Its object is let go, also when the upload was ended before.</summary>
    Task Reject(UploadId id, UploadStatus status, Error reason, CancellationToken cancellationToken);

    /// <summary>Open uploads of a client past their time, locked; an operator's clock, not a caller's.</summary>
    Task<IReadOnlyList<UploadId>> FindExpired(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}

/// <summary>An upload before its bytes are known.</summary>
public sealed record NewUpload(
    UploadId Id, UploadKind Kind, string FileName, string? DeclaredMimeType, OnTrashed OnTrashed, string StorageProvider, string StorageKey, DateTimeOffset ExpiresAt);
