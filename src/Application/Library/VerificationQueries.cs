using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Library;

namespace MediaPlatform.Application.Library;

/// <summary>The latest 100 verifications of the client, newest first.</summary>
public sealed record ListVerifications : IQuery<VerificationDetails[]>;

/// <summary>One of them.</summary>
public sealed record GetVerification(Guid Id) : IQuery<VerificationDetails>;

/// <summary>What one found that no later one has found again, at most 1,000.</summary>
/// <param name="Kind">Of this kind alone.</param>
public sealed record ListFindings(Guid VerificationId, FindingKind? Kind) : IQuery<FindingDetails[]>;

/// <summary>A verification, and how far it is.</summary>
/// <param name="Status">running, done or failed.</param>
/// <param name="Progress">0 to 100.</param>
/// <param name="JobId">Its job, as long as that is kept.</param>
/// <param name="Checksums">Whether originals are read and hashed.</param>
/// <param name="Quarantine">Whether orphans are quarantined, and renditions that are missing made again.</param>
/// <param name="Objects">That were looked at.</param>
/// <param name="Bytes">Of these, as the stores tell them.</param>
/// <param name="Unseen">Objects that could not be looked at: in a store that is not configured, or registered below a prefix that the client may not read any more.</param>
/// <param name="Missing">Rows whose object is not there, or of another size.</param>
/// <param name="Orphaned">Objects that nobody knows.</param>
/// <param name="Corrupted">Originals with other bytes than their asset.</param>
/// <param name="Quarantined">Orphans that wait for their deletion.</param>
/// <param name="Cleared">Earlier findings that are in order by now.</param>
/// <param name="Deleted">Orphans that were let go.</param>
/// <param name="Reprocessed">Assets that were queued to have their renditions made again.</param>
public sealed record VerificationDetails(
    Guid Id, string Status, int Progress, Guid? JobId, bool Checksums, bool Quarantine, long Objects, long Bytes, long Unseen, long Missing, long Orphaned, long Corrupted, long Quarantined,
    long Cleared, long Deleted, long Reprocessed, string? ErrorCode, string? ErrorMessage, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt);

/// <summary>What is wrong with one object.</summary>
/// <param name="Kind">missing, orphaned or corrupted.</param>
/// <param name="AssetId">Whose it is; null of what nobody knows.</param>
/// <param name="SizeBytes">As the row has it; of an orphan, as it lies there.</param>
/// <param name="Status">reported, quarantined, cleared or deleted.</param>
/// <param name="DeleteAfter">From then on the next verification looks at it once more and deletes it.</param>
public sealed record FindingDetails(
    Guid Id, string Kind, string Status, string StorageProvider, string StorageKey, Guid? AssetId, long? SizeBytes, DateTimeOffset FoundAt, DateTimeOffset? QuarantinedAt,
    DateTimeOffset? DeleteAfter, DateTimeOffset UpdatedAt);
