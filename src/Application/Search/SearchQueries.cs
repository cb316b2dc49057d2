using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Search;

/// <summary>Which versions of scripts are searched.</summary>
public enum SearchedVersions
{
    /// <summary>The active one of each script.</summary>
    Active,
    /// <summary>All of them.</summary>
    All,
}

/// <summary>Why a record was found; the better reason comes first.</summary>
public enum HitReason
{
    /// <summary>By the words as they stand.</summary>
    Exact,
    /// <summary>The last word is the beginning of one of its.</summary>
    Prefix,
    /// <summary>Its name is nearly what was asked for.</summary>
    Typo,
}

/// <summary>A record that was found.</summary>
/// <param name="Type">Such as episode or script.</param>
/// <param name="Title">As plain text.</param>
/// <param name="Highlights">Pieces of its texts as HTML: their own characters are escaped, and what was found stands in mark elements.</param>
/// <param name="Reason">exact, prefix or typo.</param>
/// <param name="Url">Where the API has it.</param>
/// <param name="EpisodeId">The episode that it belongs to; null where there is none.</param>
/// <param name="Version">The number of a script's version; null of anything else.</param>
public sealed record SearchHit(Guid Id, string Type, string Title, string Highlights, string[] Tags, string Reason, string Url, Guid? EpisodeId, int? Version);

/// <summary>How many of a type were found.</summary>
/// <param name="IsCapped">There are more than are counted.</param>
public sealed record FoundOfType(string Type, int Count, bool IsCapped);

/// <summary>How many bear a tag, of those that were counted.</summary>
public sealed record FoundWithTag(string Tag, int Count);

/// <summary>What all pages of a search have together.</summary>
/// <param name="Types">In their order of priority; those without a hit are left out.</param>
/// <param name="Tags">The 20 most frequent.</param>
public sealed record SearchFacets(FoundOfType[] Types, FoundWithTag[] Tags);

/// <summary>A page of hits, with the facets of all pages.</summary>
public sealed record SearchPage(Page<SearchHit> Hits, SearchFacets Facets);

/// <summary>Searches all that the caller may read; what is in the trash is never found.</summary>
/// <param name="Q">Words, "phrases", or, -not; the last word may be only begun.</param>
/// <param name="Types">Of these alone; empty means all.</param>
/// <param name="Tags">Each of them is borne.</param>
/// <param name="Versions">Of scripts: active or all.</param>
/// <param name="Cursor">Opaque, as the page before gave it.</param>
public sealed record SearchAll(string Q, IReadOnlyList<string> Types, IReadOnlyList<string> Tags, string Versions, int Limit, string? Cursor) : IQuery<SearchPage>;

internal sealed class SearchAllValidator : AbstractValidator<SearchAll>
{
    private const int MostWords = 50;

    public SearchAllValidator()
    {
        RuleFor(query => query.Q).NotEmpty().MaximumLength(500);
        RuleFor(query => query.Types).Must(types => types.Count <= MostWords).WithMessage($"At most {MostWords} types.");
        RuleFor(query => query.Tags).Must(tags => tags.Count <= MostWords).WithMessage($"At most {MostWords} tags.");
        RuleFor(query => query.Versions).Must(versions => Names.Parse<SearchedVersions>(versions) is not null).WithMessage("The versions are active or all.");
        RuleFor(query => query.Limit).InclusiveBetween(1, ListRequest.MaxLimit);
    }
}
