using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Library;

/// <summary>Looks for pictures or films by their tags, best first.</summary>
/// <param name="Tags">What it should have; null or empty where <paramref name="Text"/> says it.</param>
/// <param name="Text">A sentence, whose words are taken for tags.</param>
public sealed record SearchLibrary(MediaType? Type, IReadOnlyList<string>? Tags, string? Text, Wishes Wishes, int MaxResults) : IQuery<FoundInLibrary>;

/// <summary>What else is asked of what is looked for.</summary>
/// <param name="MinWidth">Pixels.</param>
/// <param name="MinHeight">Pixels.</param>
/// <param name="MinDurationMs">Milliseconds, of films alone.</param>
/// <param name="DesiredAspectRatio">Width over height; other shapes are found as well, and count for less.</param>
/// <param name="PreferRecencyBoost">What it counts that something was used lately, 0 to 1; null for what the platform is set to.</param>
public sealed record Wishes(int? MinWidth = null, int? MinHeight = null, long? MinDurationMs = null, double? DesiredAspectRatio = null, double? PreferRecencyBoost = null);

internal sealed class WishesValidator : AbstractValidator<Wishes>
{
    public WishesValidator()
    {
        RuleFor(wishes => wishes.MinWidth).InclusiveBetween(1, 1_000_000);
        RuleFor(wishes => wishes.MinHeight).InclusiveBetween(1, 1_000_000);
        RuleFor(wishes => wishes.MinDurationMs).InclusiveBetween(1, 1_000_000_000);
        RuleFor(wishes => wishes.DesiredAspectRatio).InclusiveBetween(0.01, 100);
        RuleFor(wishes => wishes.PreferRecencyBoost).InclusiveBetween(0, 1);
    }
}

internal sealed class SearchLibraryValidator : AbstractValidator<SearchLibrary>
{
    public SearchLibraryValidator(IValidator<Wishes> wishes)
    {
        RuleFor(search => search.Type).NotNull().WithMessage("image or video.").IsOneOfTheLibrary();
        RuleFor(search => search.Tags).Must((search, tags) => tags is { Count: > 0 } || !string.IsNullOrWhiteSpace(search.Text)).WithMessage("Tags, or a text whose words are taken for tags.");
        RuleForEach(search => search.Tags).Must(Tags.IsTag).WithMessage($"A tag is 1 to {Tags.MaxLength} characters.");
        RuleFor(search => search.Text).MaximumLength(Segments.MaxText);
        RuleFor(search => search.Wishes).SetValidator(wishes).OverridePropertyName("");
        RuleFor(search => search.MaxResults).InclusiveBetween(1, 200);
    }
}

/// <summary>Rules that several share.</summary>
internal static class LibraryRules
{
    public static IRuleBuilderOptions<T, MediaType?> IsOneOfTheLibrary<T>(this IRuleBuilder<T, MediaType?> rule) =>
        rule.Must(type => type is null or MediaType.Image or MediaType.Video).WithMessage("The library has pictures and films: image or video.");
}

/// <summary>What was found.</summary>
/// <param name="Tokens">The words that were looked for.</param>
/// <param name="Assets">Of the items, by their ids.</param>
public sealed record FoundInLibrary(IReadOnlyList<string> Tokens, IReadOnlyList<ScoredItem> Items, IReadOnlyDictionary<Guid, MediaAssetDetails> Assets);

/// <summary>
/// An item and why it stands where it does. score = (all_tags + 0.5 × any_tags) + boost × recency + aspect_fit, where recency is
/// 1 ÷ (1 + exp((days since it was used − 30) ÷ 10)) and aspect_fit 0.25 × max(0, 1 − |ln(aspect ÷ desired)| ÷ ln 2). Ties: more pixels, used more recently, lower id.
/// </summary>
/// <param name="AllTags">1 when every word matches, else 0.</param>
/// <param name="AnyTags">The share of the words that match, 0 to 1.</param>
/// <param name="Recency">0 to 1.</param>
/// <param name="RecencyBoost">What <paramref name="Recency"/> was multiplied by.</param>
/// <param name="AspectFit">0 to 0.25; 0 where no shape was wished for.</param>
/// <param name="Matched">The words that match.</param>
public sealed record ScoredItem(Guid AssetId, double Score, double AllTags, double AnyTags, double Recency, double RecencyBoost, double AspectFit, string[] Matched);

/// <summary>What the library holds and how much of its budget that takes.</summary>
public sealed record GetLibraryStats : IQuery<LibraryStats>;

/// <summary>The library in figures.</summary>
/// <param name="Images">Pictures that a search can find.</param>
/// <param name="Videos">Films that a search can find.</param>
/// <param name="QuotaBytes">What stock media may take.</param>
/// <param name="UsedBytes">What they take: originals and what was made of them.</param>
/// <param name="ReservedBytes">What is kept for what is on its way.</param>
/// <param name="RoomBytes">What is free.</param>
/// <param name="OpenManifests">What nothing is evicted from.</param>
/// <param name="RootVersion">Raised each time that the media were taken to lie in another store.</param>
public sealed record LibraryStats(
    long Images, long Videos, long QuotaBytes, long UsedBytes, long ReservedBytes, long RoomBytes, int OpenManifests, int RootVersion, IReadOnlyList<ProviderUsage> Providers);

/// <summary>What is there of one provider.</summary>
/// <param name="CapBytes">Above which its media are evicted first; null where there is no such limit.</param>
public sealed record ProviderUsage(string Provider, long Items, long Bytes, long? CapBytes);

/// <summary>What a manifest has, in the order of its segments; at most 20,000.</summary>
public sealed record ListManifestEntries(Guid ManifestId) : IQuery<ManifestEntryDetails[]>;

/// <summary>An item of a manifest.</summary>
/// <param name="Type">image or video.</param>
/// <param name="Position">Among those of its segment and type, from 0.</param>
/// <param name="LibraryId">The asset; null when it is gone.</param>
/// <param name="Source">local-library when it was there before, else the provider that it was downloaded from for this.</param>
/// <param name="Provider">Where it came from first; null of the client's own.</param>
/// <param name="SourceUrl">Its page there.</param>
/// <param name="Reasons">The terms of the score.</param>
/// <param name="IsRepeated">It is in another segment as well, since nothing else was found.</param>
public sealed record ManifestEntryDetails(
    Guid Id, string Segment, string Type, int Position, Guid? LibraryId, string Source, string? Provider, string? SourceUrl, string Sha256, string OriginalFilename, string? Status, double? Score,
    JsonElement Reasons, bool IsRepeated, DateTimeOffset CreatedAt);

/// <summary>How a manifest was gathered, and how far that is.</summary>
public sealed record GetGather(Guid ManifestId) : IQuery<GatherDetails>;

/// <summary>Waits until a manifest is gathered, or for as long as it may take.</summary>
public sealed record AwaitGather(Guid ManifestId, TimeSpan AtMost) : IQuery<Done>;

/// <summary>A gathering.</summary>
/// <param name="Status">running, done or failed.</param>
/// <param name="Progress">0 to 100.</param>
/// <param name="Reused">Entries that were in the library before.</param>
/// <param name="Downloaded">Entries that were downloaded for this.</param>
/// <param name="SearchesSaved">Searches of providers that were not made, since the library had enough: one for each segment and type.</param>
/// <param name="Providers">Of each provider that was asked: calls, downloads and why one failed.</param>
/// <param name="Shortages">Segments that found less than they should: what was wanted, what was found, and why.</param>
/// <param name="Request">What was asked for.</param>
public sealed record GatherDetails(
    Guid ManifestId, string Status, int Progress, Guid? JobId, int Reused, int Downloaded, int SearchesSaved, JsonElement Providers, JsonElement Shortages, JsonElement Request, string? ErrorCode,
    string? ErrorMessage, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
