using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Publication;

/// <summary>A media item that a set shows.</summary>
/// <param name="MediaItemId">The asset in its session.</param>
/// <param name="Position">In which order the set shows them, from 0.</param>
/// <param name="IsCover">It is the cover of the set.</param>
/// <param name="Version">Of what is said of it there.</param>
/// <param name="Type">Of the asset: image, video, audio, document or other.</param>
public sealed record SetMediaDetails(Guid MediaItemId, int Position, bool IsCover, Guid AssetId, Guid SessionId, string Type, string? Title, string? Caption, string? Notes, int Version);

/// <summary>The media of a set, in its order; of assets in the trash none.</summary>
public sealed record ListMediaOfSet(Guid SetId) : IQuery<SetMediaDetails[]>;

/// <summary>One of them.</summary>
public sealed record GetMediaOfSet(Guid SetId, Guid MediaItemId) : IQuery<SetMediaDetails>;
