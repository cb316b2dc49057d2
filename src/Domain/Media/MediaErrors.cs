namespace MediaPlatform.Domain.Media;

public sealed record UploadEmpty() : InvalidError("UPLOAD_EMPTY", "The file has no bytes.", "file");
public sealed record MediaTypeUnknown() : UnsupportedTypeError("MEDIA_TYPE_UNKNOWN", "The bytes of this file are of no known format.", "file");
public sealed record MediaTypeNotSupported(FileFormat Format) : UnsupportedTypeError("MEDIA_TYPE_NOT_SUPPORTED", $"The bytes of this file are {Format}, which is recognised and not taken in.", "file");
public sealed record MediaTypeNotAllowed(FileFormat Format, IReadOnlyCollection<string> Allowed) : UnsupportedTypeError("MEDIA_TYPE_NOT_ALLOWED", $"The bytes of this file are {Format}; this client takes only {string.Join(", ", Allowed)}.", "file");
public sealed record MediaExtensionMismatch(FileFormat Format, string Extension) : InvalidError("MEDIA_EXTENSION_MISMATCH", $"The name ends in .{Extension}, but the bytes are {Format}, which ends in .{Format.Extension}.", "file");
public sealed record MediaMimeMismatch(FileFormat Format, string Declared) : InvalidError("MEDIA_MIME_MISMATCH", $"The file was declared as {Declared}, but the bytes are {Format}.", "file");
