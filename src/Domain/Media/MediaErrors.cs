using System.Globalization;

namespace MediaPlatform.Domain.Media;

public sealed record AssetNotFound(AssetId Id) : NotFoundError("ASSET_NOT_FOUND", $"Asset {Id.Value} does not exist.");
public sealed record AssetInTrash(AssetId Id, DateTimeOffset Since) : GoneError("ASSET_IN_TRASH", $"Asset {Id.Value} is in the trash since {Since.ToString("u", CultureInfo.InvariantCulture)}; restore it first.");
public sealed record AssetNotInTrash(AssetId Id) : LockedError("ASSET_NOT_IN_TRASH", $"Asset {Id.Value} is not in the trash.");
public sealed record AssetNotProcessable(AssetId Id, FileFormat Format) : LockedError("ASSET_NOT_PROCESSABLE", $"Asset {Id.Value} is {Format}, of which no variants are made.");
public sealed record SameBytesInTrash(AssetId Id) : ConflictError("DUPLICATE_IN_TRASH", $"These bytes are asset {Id.Value}, which is in the trash. Restore it, or upload with on_trashed=restore.", "file");
public sealed record VariantNotFound(AssetId Id, string Preset) : NotFoundError("VARIANT_NOT_FOUND", $"Asset {Id.Value} has no variant '{Preset}'.");
public sealed record UploadNotFound(UploadId Id) : NotFoundError("UPLOAD_NOT_FOUND", $"Upload {Id.Value} does not exist.");
public sealed record UploadTooLarge(long Limit) : TooLargeError("UPLOAD_TOO_LARGE", $"A file may have at most {Limit} bytes.", "file");
public sealed record UploadIncomplete() : MalformedError("UPLOAD_INCOMPLETE", "The connection ended before the whole file had arrived; nothing was kept.", "file");
public sealed record UploadExpired() : GoneError("UPLOAD_EXPIRED", "The upload was not finished in time.");
public sealed record StorageFull() : UnavailableError("STORAGE_FULL", "The media storage is full; nothing was kept.");
public sealed record StorageUnavailable() : UnavailableError("STORAGE_UNAVAILABLE", "The media storage cannot be reached; nothing was kept.");
public sealed record AttachmentNotFound(AttachmentId Id) : NotFoundError("ATTACHMENT_NOT_FOUND", $"Attachment {Id.Value} does not exist.");
public sealed record OwnerNotFound(string OwnerType, string OwnerId) : NotFoundError("OWNER_NOT_FOUND", $"There is no {OwnerType} '{OwnerId}'; PUT /owners/{OwnerType}/{OwnerId} makes it known.");
public sealed record OwnerTypeReserved(string OwnerType) : InvalidError("OWNER_TYPE_RESERVED", $"'{OwnerType}' is a type of the platform's own, which keeps its owners by itself.", "owner_type");
public sealed record AlreadyAttached() : ConflictError("ALREADY_ATTACHED", "The asset is attached to this owner in this role already.", "asset_id");
public sealed record CoverTaken(string OwnerType, string OwnerId) : ConflictError("COVER_TAKEN", $"{OwnerType} '{OwnerId}' has a cover; detach it first.", "role");
public sealed record UploadEmpty() : InvalidError("UPLOAD_EMPTY", "The file has no bytes.", "file");
public sealed record MediaTypeUnknown() : UnsupportedTypeError("MEDIA_TYPE_UNKNOWN", "The bytes of this file are of no known format.", "file");
public sealed record MediaTypeNotSupported(FileFormat Format) : UnsupportedTypeError("MEDIA_TYPE_NOT_SUPPORTED", $"The bytes of this file are {Format}, which is recognised and not taken in.", "file");
public sealed record MediaTypeNotAllowed(FileFormat Format, IReadOnlyCollection<string> Allowed) : UnsupportedTypeError("MEDIA_TYPE_NOT_ALLOWED", $"The bytes of this file are {Format}; this client takes only {string.Join(", ", Allowed)}.", "file");
public sealed record MediaExtensionMismatch(FileFormat Format, string Extension) : InvalidError("MEDIA_EXTENSION_MISMATCH", $"The name ends in .{Extension}, but the bytes are {Format}, which ends in .{Format.Extension}.", "file");
public sealed record MediaMimeMismatch(FileFormat Format, string Declared) : InvalidError("MEDIA_MIME_MISMATCH", $"The file was declared as {Declared}, but the bytes are {Format}.", "file");
