using MediaPlatform.Domain.Media;

namespace MediaPlatform.Domain.Library;

public sealed record ManifestNotOpen(ManifestStatus Status) : LockedError("MANIFEST_NOT_OPEN", $"The manifest is {Names.Of(Status)}.");
public sealed record ManifestBeingGathered() : LockedError("MANIFEST_BEING_GATHERED", "The manifest is being gathered still; GET /manifests/{id}/gathering tells how far.");
public sealed record GatherFailed(string? Reason) : LockedError("GATHER_FAILED", $"Its gathering failed: {Reason} Retry its job, or gather anew.");
public sealed record ManifestNotGathered(Guid Id) : NotFoundError("MANIFEST_NOT_GATHERED", $"Manifest {Id} was not gathered.");
public sealed record LibraryQuotaExceeded(long Quota) : ConflictError("LIBRARY_QUOTA_EXCEEDED", $"The library may hold {Quota} bytes, and there is no room for more; what was used longest ago is being evicted.");
public sealed record ProviderNotConfigured(string Name, IReadOnlyList<string> Known)
    : InvalidError("PROVIDER_NOT_CONFIGURED", Known.Count == 0 ? "No provider is configured." : $"There is no provider '{Name}'; there are {string.Join(", ", Known)}.", "providers");
public sealed record TooManyWords(string Of, int Most) : InvalidError("TOO_MANY_WORDS", $"What is looked for has at most {Most} words.", Of);
public sealed record NothingToLookFor(string Of) : InvalidError("NOTHING_TO_LOOK_FOR", "There is no word in it that could be a tag.", Of);
public sealed record StockOfAnotherType(MediaType Wanted, FileFormat Format) : InvalidError("STOCK_OF_ANOTHER_TYPE", $"The provider offers it as {Names.Of(Wanted)}, but the bytes are {Format}.");
public sealed record StockUnreadable() : InvalidError("STOCK_UNREADABLE", "The library has it already, and its bytes cannot be read.");
public sealed record StockPageTooLong() : InvalidError("STOCK_PAGE_TOO_LONG", "The address of its page at the provider is too long to be kept.");
public sealed record ManifestClosedMeanwhile() : LockedError("MANIFEST_NOT_OPEN", "The manifest was closed, or moved to the trash, before it was gathered.");
public sealed record StockInterrupted() : UnavailableError("STOCK_INTERRUPTED", "The download was stopped; nothing of it was kept.");
public sealed record StockNotWanted() : ConflictError("STOCK_NOT_WANTED", "The manifest has it already, or is not open any more.");
public sealed record LibraryBusy() : ConflictError("LIBRARY_BUSY", "A job looks through the stored objects of the library already; there is one at a time.");
public sealed record VerificationNotFound(Guid Id) : NotFoundError("VERIFICATION_NOT_FOUND", $"Verification {Id} does not exist.");
public sealed record StoreNotConfigured(string Of, string Name, IReadOnlyList<string> Known) : InvalidError("STORE_NOT_CONFIGURED", $"There is no store '{Name}'; there are {string.Join(", ", Known)}.", Of);
public sealed record RebaseIncomplete(string To, long Missing, IReadOnlyList<string> First)
    : ConflictError("LIBRARY_REBASE_INCOMPLETE", $"{Missing} objects are not in {To} as they are to be, and nothing was changed: {string.Join(", ", First)}{(Missing > First.Count ? ", …" : "")}");
