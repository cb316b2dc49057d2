using FluentValidation;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Library;

/// <summary>A part of what is being made, for which films and pictures are gathered.</summary>
/// <param name="Key">Its name within the manifest; at most 200 characters.</param>
/// <param name="Tags">What they should show.</param>
/// <param name="Text">Its script; where no tags are given its most frequent words are taken for them, ten at most.</param>
/// <param name="Videos">How many films.</param>
/// <param name="Images">How many pictures.</param>
public sealed record Segment(string Key, IReadOnlyList<string>? Tags = null, string? Text = null, Amount? Videos = null, Amount? Images = null);

/// <summary>How many of a type a segment gets.</summary>
/// <param name="MinMatches">With so many in the library, no provider is asked; 0 to 50.</param>
/// <param name="Limit">It gets no more than these; 0 for none of this type, 50 at most.</param>
public sealed record Amount(int? MinMatches = null, int? Limit = null);

/// <summary>What is gathered, as it was asked for: with the defaults of then, and the words that were looked for.</summary>
/// <param name="Providers">By name, in the order in which they are asked; null for all that there are.</param>
/// <param name="Download">False chooses from the library alone.</param>
public sealed record GatherRequest(IReadOnlyList<WantedSegment> Segments, Wishes Wishes, double Boost, IReadOnlyList<string>? Providers, bool Download)
{
    /// <summary>Of all providers those that may be asked for a type, in order.</summary>
    public IReadOnlyList<IStockProvider> ProvidersOf(MediaType type, IEnumerable<IStockProvider> all)
    {
        var having = Download ? all.Where(provider => provider.Has(type)) : [];
        return Providers is null ? [.. having] : [.. Providers.Select(name => having.FirstOrDefault(provider => provider.Name == name)).OfType<IStockProvider>()];
    }
}

/// <summary>A segment with everything decided.</summary>
/// <param name="Query">What providers are asked for: tags as they were given.</param>
/// <param name="Words">What is looked for in the library.</param>
public sealed record WantedSegment(string Key, IReadOnlyList<string> Query, IReadOnlyList<string> Words, int MinVideos, int MostVideos, int MinImages, int MostImages)
{
    /// <summary>Films first, then pictures.</summary>
    internal IEnumerable<(MediaType Type, int Least, int Most)> Wanted => [(MediaType.Video, MinVideos, MostVideos), (MediaType.Image, MinImages, MostImages)];
}

/// <summary>How many segments there may be, and how long.</summary>
internal static class Segments
{
    public const int Most = 100;
    public const int MaxText = 20_000;

    /// <summary>That are looked for at once.</summary>
    public const int MaxWords = 16;

    /// <summary>Why these words cannot be looked for.</summary>
    public static IEnumerable<Error> Refused(IReadOnlyCollection<string> words, string field)
    {
        if (words.Count == 0) yield return new NothingToLookFor(field);
        if (words.Count > MaxWords) yield return new TooManyWords(field, MaxWords);
    }
}

internal sealed class SegmentValidator : AbstractValidator<Segment>
{
    public SegmentValidator(IValidator<Amount> amount)
    {
        RuleFor(segment => segment.Key).NotEmpty().MaximumLength(200);
        RuleFor(segment => segment.Tags).Must((segment, tags) => tags is { Count: > 0 } || !string.IsNullOrWhiteSpace(segment.Text)).WithMessage("A segment has tags, or a text whose words are taken for tags.");
        RuleForEach(segment => segment.Tags).Must(Tags.IsTag).WithMessage($"A tag is 1 to {Tags.MaxLength} characters.");
        RuleFor(segment => segment.Text).MaximumLength(Segments.MaxText);
        RuleFor(segment => segment.Videos!).SetValidator(amount).When(segment => segment.Videos is not null);
        RuleFor(segment => segment.Images!).SetValidator(amount).When(segment => segment.Images is not null);
    }
}

internal sealed class AmountValidator : AbstractValidator<Amount>
{
    private const int Most = 50;

    public AmountValidator()
    {
        RuleFor(amount => amount.MinMatches).InclusiveBetween(0, Most);
        RuleFor(amount => amount.Limit).InclusiveBetween(0, Most);
        RuleFor(amount => amount.MinMatches).LessThanOrEqualTo(amount => amount.Limit).When(amount => amount.MinMatches is not null && amount.Limit is not null).WithMessage("min_matches is at most limit.");
    }
}
