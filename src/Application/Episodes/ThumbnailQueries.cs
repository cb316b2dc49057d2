using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>The thumbnail of an owner, as it is.</summary>
public sealed record GetThumbnail(ThumbnailOwner Owner) : IQuery<ThumbnailDetails>;

/// <summary>One size of it.</summary>
public sealed record FindThumbnail(ThumbnailOwner Owner, string Size) : IQuery<LinkedObject>;

/// <summary>A thumbnail.</summary>
/// <param name="Chosen">What somebody has chosen; null where nobody has.</param>
/// <param name="Renditions">Those in place, the largest first; they stay until newer ones are ready.</param>
public sealed record ThumbnailDetails(
    string Status, string? ErrorCode, string? ErrorMessage, ThumbnailChoice? Chosen, IReadOnlyList<ThumbnailPart> Parts, IReadOnlyList<ThumbnailRendition> Renditions,
    DateTimeOffset? RenderedAt, long Version);

/// <summary>One size of a thumbnail, as it is stored.</summary>
public sealed record ThumbnailRendition(ThumbnailSize Size, LinkedObject Object);
