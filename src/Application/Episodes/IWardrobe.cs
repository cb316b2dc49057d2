using System.Text.Json;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>Outfits, their items, and what is worn in which episode, for writing. An episode's outfits are written under its lock.</summary>
public interface IWardrobe
{
    /// <summary>Items of the catalogue, held against their deletion until the transaction ends; those that are not there are left out.</summary>
    Task<IReadOnlyList<HeldItem>> HoldItems(Guid[] ids, CancellationToken cancellationToken);

    /// <summary>An outfit, held, and as it is worn now; null when there is none.</summary>
    Task<HeldOutfit?> HoldOutfit(Guid id, CancellationToken cancellationToken);

    /// <summary>Which of these are no outfits of the catalogue, or in the trash.</summary>
    Task<IReadOnlyList<Guid>> FindMissing(Guid[] ids, CancellationToken cancellationToken);

    /// <summary>The outfits of an episode, in their order.</summary>
    Task<IReadOnlyList<WornOutfit>> Of(Guid episodeId, CancellationToken cancellationToken);

    /// <summary>Puts one on.</summary>
    Task PutOn(Guid episodeId, WornOutfit outfit, CancellationToken cancellationToken);

    /// <summary>Writes one anew.</summary>
    Task Save(Guid episodeId, WornOutfit outfit, CancellationToken cancellationToken);

    /// <summary>Takes one off; null takes all.</summary>
    Task TakeOff(Guid episodeId, Guid? id, CancellationToken cancellationToken);

    /// <summary>Puts all of an episode's outfits in this order.</summary>
    Task Order(Guid episodeId, Guid[] ids, CancellationToken cancellationToken);

    /// <summary>Has the episode show its outfits as they are now; its version goes up.</summary>
    Task<long> Show(Guid episodeId, CancellationToken cancellationToken);

    /// <summary>The others that are shown beside the first, after that was written by way of the episode; the version stays.</summary>
    Task ShowOthers(Guid episodeId, CancellationToken cancellationToken);

    /// <summary>What of these is worn in other episodes, within the client's days of cool-down of this one.</summary>
    Task<Finding[]> WornRecently(Guid episodeId, WornOutfit outfit, CancellationToken cancellationToken);
}

internal static class ChosenOutfits
{
    /// <summary>An outfit that can be put on.</summary>
    /// <param name="field">Where it was named.</param>
    public static async Task<Result<HeldOutfit>> Choose(this IWardrobe wardrobe, Guid id, string field, CancellationToken cancellationToken) =>
        await wardrobe.HoldOutfit(id, cancellationToken) is not { } outfit ? new ParentNotFound(EpisodeKinds.Outfit, id, field)
        : outfit.IsInTrash ? new OutfitInTrash(id, field)
        : outfit.Document.GetRawText().Length > WardrobeDocument.MaxLength ? new OutfitTooLarge(id, field)
        : outfit;
}

/// <summary>An item of the catalogue.</summary>
/// <param name="Piece">As it stands in a document.</param>
public sealed record HeldItem(Guid Id, WardrobeSlot Slot, JsonElement Piece, bool IsInTrash);

/// <summary>An outfit of the catalogue.</summary>
/// <param name="Document">As it is worn now: see <see cref="WardrobeDocument"/>.</param>
public sealed record HeldOutfit(Guid Id, string? WornBy, JsonElement Document, int Version, bool IsInTrash);

/// <summary>What is worn in an episode.</summary>
/// <param name="OutfitId">Null of what was written as a document.</param>
/// <param name="OutfitVersion">Of the outfit, when it was put on.</param>
/// <param name="Place">0 is the main outfit.</param>
public sealed record WornOutfit(Guid Id, Guid? OutfitId, int? OutfitVersion, int Place, string? WornBy, string? Scene, JsonElement Document)
{
    /// <summary>The most that an episode has.</summary>
    public const int Most = 100;

    /// <summary>As it is put on, or taken over again from its outfit.</summary>
    public static WornOutfit Of(HeldOutfit outfit, Guid id, int place, string? wornBy, string? scene) => new(id, outfit.Id, outfit.Version, place, wornBy ?? outfit.WornBy, scene, outfit.Document);
}
