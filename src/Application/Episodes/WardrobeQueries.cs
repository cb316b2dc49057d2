using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Episodes;

/// <summary>What is worn in an episode, as it was when it was put on.</summary>
/// <param name="OutfitId">Null of what was written as a document, and once the outfit is deleted for good.</param>
/// <param name="Place">From 0, which is the main outfit.</param>
/// <param name="Wardrobe">What was worn, in the form of the episode's wardrobe.</param>
/// <param name="IsOutdated">The outfit was changed since; `refresh` takes it over.</param>
/// <param name="TakenAt">As of when the outfit is shown.</param>
/// <param name="EpisodeVersion">Of the episode, for If-Match.</param>
public sealed record EpisodeOutfitDetails(
    Guid Id, Guid? OutfitId, string? OutfitName, int Place, string? WornBy, string? Scene, JsonElement Wardrobe, bool IsOutdated, DateTimeOffset TakenAt, int EpisodeVersion);

/// <summary>The outfits of an episode, in their order.</summary>
public sealed record ListEpisodeOutfits(Guid EpisodeId) : IQuery<EpisodeOutfitDetails[]>;

/// <summary>One of them, by its own id or by that of its outfit.</summary>
public sealed record GetEpisodeOutfit(Guid EpisodeId, Guid Id) : IQuery<EpisodeOutfitDetails>;

/// <summary>An episode in which something is worn.</summary>
/// <param name="WornOn">The day on which viewers see it: of publishing, of release, or of filming; null of an episode without a date.</param>
/// <param name="Wardrobe">What was worn.</param>
public sealed record WornInEpisode(
    Guid EpisodeId, string Title, int? Season, int? EpisodeNumber, string Status, DateOnly? WornOn, Guid? OutfitId, string? OutfitName, string? WornBy, string? Scene, JsonElement Wardrobe);

/// <summary>Where an outfit was worn, the latest first; those of episodes in the trash are left out.</summary>
public sealed record GetOutfitHistory(Guid OutfitId) : IQuery<WornInEpisode[]>
{
    /// <summary>The most that one answer has.</summary>
    public const int Most = 500;
}

/// <summary>An outfit that an item is part of.</summary>
public sealed record OutfitOfItem(Guid OutfitId, string Name, string? OutfitType, string? WornBy);

/// <summary>Where an item is used.</summary>
/// <param name="Outfits">Those that it is part of now, by name; at most 500.</param>
/// <param name="Episodes">Those that it was worn in, the latest first; at most 500.</param>
public sealed record ItemUsage(OutfitOfItem[] Outfits, WornInEpisode[] Episodes);

/// <summary>Where an item is used: in which outfits, and in which episodes.</summary>
public sealed record GetItemUsage(Guid ItemId) : IQuery<ItemUsage>;

/// <summary>Something that is worn too soon again.</summary>
/// <param name="OutfitId">What is to be worn.</param>
/// <param name="EpisodeId">Where it, or a piece of it, is worn as well.</param>
/// <param name="DaysApart">Between the two days.</param>
/// <param name="IsSameOutfit">False where only pieces of it are worn.</param>
/// <param name="SharedItemIds">The pieces that both have.</param>
public sealed record WearConflict(
    Guid? OutfitId, Guid EpisodeId, string Title, int? Season, int? EpisodeNumber, string Status, DateOnly WornOn, int DaysApart, bool IsSameOutfit, Guid[] SharedItemIds);

/// <summary>What speaks against an outfit on a day, or in an episode: where it or its pieces are worn within the days of cool-down.</summary>
/// <param name="Date">Null takes that of the episode.</param>
/// <param name="EpisodeId">Which is not in conflict with itself.</param>
/// <param name="CoolDownDays">Null takes the client's.</param>
public sealed record GetOutfitConflicts(Guid OutfitId, DateOnly? Date, Guid? EpisodeId, int? CoolDownDays) : IQuery<WearConflict[]>;

/// <summary>The same of all that is worn in an episode.</summary>
/// <param name="CoolDownDays">Null takes the client's.</param>
public sealed record GetEpisodeConflicts(Guid EpisodeId, int? CoolDownDays) : IQuery<WearConflict[]>;

internal sealed class GetOutfitConflictsValidator : AbstractValidator<GetOutfitConflicts>
{
    public GetOutfitConflictsValidator() => RuleFor(query => query.CoolDownDays).InclusiveBetween(0, 3650);
}

internal sealed class GetEpisodeConflictsValidator : AbstractValidator<GetEpisodeConflicts>
{
    public GetEpisodeConflictsValidator() => RuleFor(query => query.CoolDownDays).InclusiveBetween(0, 3650);
}
