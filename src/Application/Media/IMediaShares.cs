using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>What share links lead to, for the caller's client.</summary>
public interface IMediaShares
{
    /// <summary>What can be shared of an asset that is there.</summary>
    Task<ShareSubject> Find(AssetId id, string what, CancellationToken cancellationToken);

    /// <summary>Notes that a link was given out; gives the generation that it is of.</summary>
    Task<int> SaveShared(AssetId id, CancellationToken cancellationToken);
}

/// <summary>What is to be shared.</summary>
/// <param name="IsStored">Whether there is such a rendition, or a clean copy of the original.</param>
public sealed record ShareSubject(FileFormat Format, bool IsStored);
