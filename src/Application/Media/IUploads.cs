using System.Net.Mime;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>The uploads of the caller's client, for writing.</summary>
public interface IUploads
{
    /// <summary>The MIME types that the client takes in; null for all that the platform supports.</summary>
    Task<IReadOnlyList<string>?> AllowedTypes(CancellationToken cancellationToken);

    /// <summary>What the client may register: addresses that begin so.</summary>
    Task<IReadOnlyList<string>> AllowedS3Prefixes(CancellationToken cancellationToken);

    Task SaveAllowedS3Prefixes(IReadOnlyList<string> prefixes, CancellationToken cancellationToken);

    Task Add(NewUpload upload, CancellationToken cancellationToken);

    /// <summary>Keeps what the storage calls the parts that are to come.</summary>
    Task SaveMultipart(UploadId id, string multipartId, CancellationToken cancellationToken);

    /// <summary>Null when there is none.</summary>
    Task<UploadState?> Find(UploadId id, CancellationToken cancellationToken);

    /// <summary>Locked until the transaction ends.</summary>
    Task<UploadState?> FindForUpdate(UploadId id, CancellationToken cancellationToken);

    /// <summary>Its bytes are all there and wait to be looked at.</summary>
    /// <param name="declaredSha256">Kept when it is not null.</param>
    Task SaveReceived(UploadId id, byte[]? declaredSha256, CancellationToken cancellationToken);

    /// <summary>Its bytes are being looked at.</summary>
    Task SaveVerifying(UploadId id, CancellationToken cancellationToken);

    /// <summary>Whether the upload is still open, or waits for a decision; if so it is locked, and no sweep takes it before the transaction ends.</summary>
    Task<bool> LockOpen(UploadId id, CancellationToken cancellationToken);

    /// <summary>The bytes have become an asset, or are those of one. When it is an older one, all that the upload has stored is let go.</summary>
    /// <param name="remark">What of the upload was not to be had, such as its session; null where all was.</param>
    Task Complete(ReceivedUpload received, AssetId asset, Error? remark, CancellationToken cancellationToken);

    /// <summary>The bytes are those of an asset in the trash, or of another session: they are kept, and what is known of them, until somebody decides or the upload expires.</summary>
    Task SaveConflict(ReceivedUpload received, AssetId asset, Error reason, CancellationToken cancellationToken);

    /// <summary>What <see cref="SaveConflict"/> has kept of an upload that is in conflict.</summary>
    Task<ReceivedUpload> FindConflict(UploadState upload, CancellationToken cancellationToken);

    /// <summary>Whether the client may have so many more uploads under way.</summary>
    Task<bool> HasRoomFor(int more, int limit, CancellationToken cancellationToken);

    /// <summary>Whether the caller, among all of the client's, may have so many more uploads under way.</summary>
    Task<bool> CallerHasRoomFor(int more, int limit, CancellationToken cancellationToken);

    /// <summary>Ends an open upload and keeps the reason. All that it has stored is let go, also when the upload was ended before.</summary>
    Task Reject(UploadId id, UploadStatus status, Error reason, CancellationToken cancellationToken);

    /// <summary>Lets go of what an attempt may have stored for an upload that has come to an end without it.</summary>
    Task LetGo(UploadId id, CancellationToken cancellationToken);

    /// <summary>Uploads of a client past their time that are open or in conflict, locked; an operator's clock, not a caller's.</summary>
    Task<IReadOnlyList<UploadId>> FindExpired(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}

/// <summary>An upload before its bytes are known.</summary>
/// <param name="FileName">Cleaned.</param>
/// <param name="StorageKey">Where its bytes will lie as an original.</param>
public sealed record NewUpload(
    UploadId Id, UploadKind Kind, string FileName, string? DeclaredMimeType, OnTrashed OnTrashed, string StorageProvider, string StorageKey, DateTimeOffset ExpiresAt)
{
    public UploadStatus Status { get; init; } = UploadStatus.Open;
    public long? DeclaredSize { get; init; }
    public byte[]? DeclaredSha256 { get; init; }
    public long? PartBytes { get; init; }
    public string? SourceUrl { get; init; }

    /// <summary>Whom it comes from, such as a stock library.</summary>
    public string? Provider { get; init; }

    /// <summary>What to do when the same bytes are of another session.</summary>
    public OnOtherSession OnOtherSession { get; init; } = OnOtherSession.Ask;

    /// <summary>As what a client sends its bytes to the storage.</summary>
    public string SentType => DeclaredMimeType ?? MediaTypeNames.Application.Octet;

    /// <summary>What its asset is to be called.</summary>
    public AssetTexts Texts { get; init; } = AssetTexts.None;
}

/// <summary>An upload as it stands.</summary>
/// <param name="MultipartId">What the storage calls its parts; null where there are none.</param>
/// <param name="CreatedBy">Who began it: what comes of it is theirs.</param>
public sealed record UploadState(NewUpload Upload, UploadStatus Status, string? MultipartId, string CreatedByKind, Guid? CreatedBy, int Version)
{
    /// <summary>How its parts are cut; null where there are none.</summary>
    public PartLayout? Layout => Upload.PartBytes is { } bytes ? new(Upload.DeclaredSize!.Value, bytes) : null;

    /// <summary>Whether it has come to an end.</summary>
    public bool IsEnded => Status is UploadStatus.Completed or UploadStatus.Rejected or UploadStatus.Expired;
}
