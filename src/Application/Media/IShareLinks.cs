using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Makes and reads links that stand for themselves: no row is kept for one.</summary>
public interface IShareLinks
{
    /// <summary>A path of this API.</summary>
    string ToShare(ShareGrant grant);

    /// <summary>What a token grants, or null when it was not made here. Whether it has expired is the reader's to ask.</summary>
    ShareGrant? Read(string token);
}

/// <summary>What a share link allows.</summary>
/// <param name="What"><see cref="Sharing.Original"/> or a preset.</param>
/// <param name="Generation">The asset's when the link was made; it works for that one alone.</param>
public sealed record ShareGrant(Guid ClientId, AssetId AssetId, string What, DateTimeOffset ExpiresAt, int Generation);
