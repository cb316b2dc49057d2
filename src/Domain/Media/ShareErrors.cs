namespace MediaPlatform.Domain.Media;

public sealed record OriginalNotCleanable(FileFormat Format) : InvalidError("ORIGINAL_NOT_CLEANABLE", $"This original is {Format}, which may tell where it was made, and no copy without that can be made of it; share a rendition instead.", "what");
public sealed record ShareNotFound() : NotFoundError("SHARE_NOT_FOUND", "This link leads nowhere, or not any more.");
public sealed record ShareExpired() : GoneError("SHARE_EXPIRED", "This link has expired; ask whoever shared it for a new one.");
public sealed record ShareUnavailable() : GoneError("SHARE_UNAVAILABLE", "What was shared could not be prepared; ask whoever shared it.");
public sealed record ShareNotReady() : UnavailableError("SHARE_NOT_READY", "What was shared is being prepared; try again in a moment.");
