using MediaPlatform.Application.Access;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Episodes;

/// <summary>
/// Thumbnails, for writing. Whatever a thumbnail is made of, the database looks as a transaction ends whether that is other than before, and
/// queues the job that renders it.
/// </summary>
public interface IThumbnails
{
    /// <summary>The version of an owner's thumbnail, locked; 0 where there is none yet.</summary>
    Task<long> VersionForUpdate(ThumbnailOwner owner, CancellationToken cancellationToken);

    /// <summary>An asset that a thumbnail may be made of, held; null when it is not there, or in the trash.</summary>
    Task<HeldPicture?> HoldPicture(Guid assetId, CancellationToken cancellationToken);

    /// <summary>Keeps what somebody has chosen, null for nothing, and has the thumbnail be rendered where that makes it another.</summary>
    Task Choose(ThumbnailOwner owner, ThumbnailChoice? choice, CancellationToken cancellationToken);

    /// <summary>Has it be rendered whatever there is.</summary>
    /// <returns>The job; null where there is nothing to make it of.</returns>
    Task<Guid?> Regenerate(ThumbnailOwner owner, CancellationToken cancellationToken);

    /// <summary>Whether all that there is lies at s3:// addresses.</summary>
    Task<bool> HasSourcesElsewhere(ThumbnailOwner owner, CancellationToken cancellationToken);

    /// <summary>What a job is to render; null when another is wanted since.</summary>
    Task<WantedThumbnail?> FindWanted(Guid id, Guid jobId, CancellationToken cancellationToken);

    /// <summary>Keeps stored renditions, and lets go of those that they replace; or of these, when another is wanted since.</summary>
    Task SaveReady(Guid id, Guid jobId, RenderedThumbnail rendered, CancellationToken cancellationToken);

    /// <summary>Lets go of what a job that has ended may have stored, but what is in place.</summary>
    Task LetGo(Guid id, Guid jobId, CancellationToken cancellationToken);
}

/// <summary>What somebody has chosen.</summary>
/// <param name="ClipId">Of an episode's frame.</param>
/// <param name="Seconds">Of a frame; null is the middle.</param>
/// <param name="AssetId">Of a custom picture.</param>
public sealed record ThumbnailChoice(ThumbnailSource Source, Guid? ClipId = null, double? Seconds = null, Guid? AssetId = null);

/// <summary>An asset, as far as a thumbnail asks.</summary>
public sealed record HeldPicture(MediaType Type, bool HasPicture, long? DurationMs, double? FrameRate);

/// <summary>What is to be rendered.</summary>
/// <param name="Folder">Where to: what the keys of the renditions begin with.</param>
public sealed record WantedThumbnail(string Folder, IReadOnlyList<ThumbnailPart> Parts);

/// <summary>Renditions that are stored.</summary>
/// <param name="SizesBytes">Of each, the largest first.</param>
public sealed record RenderedThumbnail(string Folder, string StorageProvider, IReadOnlyList<long> SizesBytes);

/// <summary>The way to the owner of a thumbnail, of any kind.</summary>
internal sealed class OpenThumbnailOwner(IRecords<EpisodeFields> episodes, IRecords<ClipFields> clips, IRecords<OutfitFields> outfits, CallContext context)
{
    /// <inheritdoc cref="Records.OpenRecord.Open"/>
    public Task<Result<StoredRecord>> Open(ThumbnailOwner owner, CancellationToken cancellationToken) => owner.Kind switch
    {
        ThumbnailOwnerKind.Episode => episodes.Open(owner.Id, null, context.Caller.Role, cancellationToken),
        ThumbnailOwnerKind.Clip => clips.Open(owner.Id, null, context.Caller.Role, cancellationToken),
        _ => outfits.Open(owner.Id, null, context.Caller.Role, cancellationToken),
    };
}
