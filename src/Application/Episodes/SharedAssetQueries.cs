using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>A version of something that episodes share.</summary>
/// <param name="AssetId">Its file here; null once that is deleted for good.</param>
/// <param name="FileReference">Or elsewhere.</param>
/// <param name="UsageCount">How many roles episodes give this version, those in the trash aside.</param>
public sealed record SharedAssetVersionDetails(
    Guid Id, int Number, bool IsActive, Guid? AssetId, string? FileReference, string? Notes, int UsageCount, DateTimeOffset CreatedAt, Guid? CreatedBy);

/// <summary>The versions of something that episodes share, newest first; at most 1,000.</summary>
public sealed record ListSharedAssetVersions(SharedAssetKind Kind, Guid Id) : IQuery<SharedAssetVersionDetails[]>;

/// <summary>An episode that shows something, in a role.</summary>
/// <param name="Role">Such as main_closet.</param>
/// <param name="Number">Of the version that is shown.</param>
public sealed record UsedInEpisode(Guid EpisodeId, string Title, int? Season, int? EpisodeNumber, string Status, DateOnly? ShownOn, string Role, int Number);

/// <summary>Which episodes show something, the latest first; at most 500, those in the trash aside.</summary>
public sealed record GetSharedAssetUsage(SharedAssetKind Kind, Guid Id) : IQuery<UsedInEpisode[]>;
