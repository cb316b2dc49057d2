using System.Text.Json;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>An asset as it is read, before links are made of its keys.</summary>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="PerceptualHash">16 lower-case hexadecimal digits.</param>
/// <param name="Gps">Kept apart; shown to members of the client alone.</param>
public sealed record MediaAssetDetails(
    Guid Id, string? ExternalId, string Type, string Format, string MimeType, string? Title, string? Description, string? AltText, string? Caption,
    string OriginalFilename, long SizeBytes, string Sha256, int? Width, int? Height, int? Frames, long? DurationMs, double? FrameRate, string? VideoCodec,
    string? AudioCodec, long? BitRate, bool? HasAudio, DateTimeOffset? CapturedAt, string? PlaceholderHash, string? PerceptualHash, string[] DominantColors, JsonElement Exif,
    JsonElement? Gps, string StorageProvider, string StorageKey, string Status, string? ErrorCode, string? ErrorMessage, JsonElement ProcessingWarnings,
    string Visibility, string Source, string? Provider, string? SourceUrl, DateTimeOffset? LastUsedAt, string[] Tags, JsonElement CustomFields,
    string SchemaVersion, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version,
    DateTimeOffset? DeletedAt, string? DeletedByKind, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, string? RestoredByKind, Guid? RestoredBy,
    string ApprovalStatus, DateTimeOffset? ApprovedAt, string? OriginalApproverKind, Guid? OriginalApprover, VariantDetails[] Variants);

/// <summary>A rendition as it is read.</summary>
public sealed record VariantDetails(
    string Kind, string Preset, int Recipe, string Format, string MimeType, int Width, int Height, long SizeBytes, string StorageProvider, string StorageKey);

/// <summary>One asset with its variants. What is in the trash is gone for an admin and unknown to others, unless it is asked for.</summary>
public sealed record GetMediaAsset(AssetId Id, bool IncludeDeleted = false) : IQuery<MediaAssetDetails>;

/// <summary>The library of the client, newest first.</summary>
public sealed record ListMedia(ListRequest Request) : IQuery<Page<MediaAssetDetails>>;

/// <summary>Where the original lies, and what it is called and is.</summary>
public sealed record FindContent(AssetId Id) : IQuery<LinkedObject>;

/// <summary>Where one variant lies.</summary>
public sealed record FindVariant(AssetId Id, string Preset) : IQuery<LinkedObject>;

/// <summary>Where a rendition of a public asset of any client lies.</summary>
public sealed record FindPublicVariant(AssetId Id, string Preset) : IQuery<LinkedObject>;

/// <summary>Where the bytes lie that a share link leads to. Nobody's credentials are asked for: the link has granted it.</summary>
public sealed record FindShared(ShareGrant Grant) : IQuery<LinkedObject>;

/// <summary>All that happened to an asset: its uploads and every stage of every job, oldest first.</summary>
public sealed record GetMediaTimeline(AssetId Id, bool IncludeDeleted = false) : IQuery<MediaTimeline>;

/// <summary>What happened to an asset.</summary>
public sealed record MediaTimeline(Guid AssetId, string Status, IReadOnlyList<TimelineUpload> Uploads, IReadOnlyList<TimelineJob> Jobs);

/// <summary>One upload that ended in the asset.</summary>
public sealed record TimelineUpload(Guid Id, string Kind, string Status, string FileName, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>One job about the asset.</summary>
public sealed record TimelineJob(
    Guid Id, string Type, string Status, int Attempts, string? ErrorCode, string? ErrorMessage, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt,
    StageEntry[] Stages);

/// <summary>An upload as it is shown.</summary>
/// <param name="SessionId">In which session it was taken, as was said.</param>
public sealed record UploadDetails(
    Guid Id, string Kind, string Status, string FileName, string? DeclaredMimeType, long? DeclaredSize, string OnTrashed, string? DeclaredSha256, long? SizeBytes,
    string? Sha256, Guid? AssetId, Guid? SessionId, string? ErrorCode, string? ErrorMessage, DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy,
    DateTimeOffset UpdatedAt, int Version);

/// <summary>One upload.</summary>
public sealed record GetUpload(UploadId Id) : IQuery<UploadDetails>;

/// <summary>The uploads of the client, newest first.</summary>
public sealed record ListUploads(ListRequest Request) : IQuery<Page<UploadDetails>>;

/// <summary>An attachment as it is shown.</summary>
public sealed record AttachmentDetails(
    Guid Id, Guid AssetId, string OwnerType, string OwnerId, string Role, int SortOrder, JsonElement Meta, DateTimeOffset CreatedAt, string CreatedByKind,
    Guid? CreatedBy, int Version);

/// <summary>The media of an owner: cover first, then by role and order. What is in the trash is left out.</summary>
public sealed record ListOwnerMedia(string OwnerType, string OwnerId, AttachmentRole? Role) : IQuery<OwnerMedia>;

/// <summary>An owner and its media, at most 500.</summary>
public sealed record OwnerMedia(OwnerDetails Owner, IReadOnlyList<AttachedMedia> Media);

/// <summary>An attachment with its asset.</summary>
public sealed record AttachedMedia(AttachmentDetails Attachment, MediaAssetDetails Asset);

/// <summary>Something that media can be attached to.</summary>
public sealed record OwnerDetails(Guid Id, string OwnerType, string OwnerId, string? Title, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version);

/// <summary>One owner.</summary>
public sealed record GetOwner(string OwnerType, string OwnerId) : IQuery<OwnerDetails>;

/// <summary>One attachment.</summary>
public sealed record GetAttachment(AttachmentId Id) : IQuery<AttachmentDetails>;

/// <summary>Returns when an upload has come to an end and its asset is no longer being processed, or after the time; it holds no connection while it waits.</summary>
public sealed record AwaitUpload(UploadId Id, TimeSpan AtMost) : IQuery<Done>;

/// <summary>Returns when an asset is no longer being processed, or after the time; it holds no connection while it waits.</summary>
public sealed record AwaitProcessed(AssetId Id, TimeSpan AtMost) : IQuery<Done>;
