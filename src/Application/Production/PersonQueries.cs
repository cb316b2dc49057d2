using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Production;

/// <summary>Another name of a person.</summary>
/// <param name="Source">manual or import.</param>
public sealed record AliasDetails(Guid Id, Guid PersonId, string Alias, string Source, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version);

/// <summary>The aliases of a person, as they came.</summary>
public sealed record ListAliases(Guid PersonId) : IQuery<AliasDetails[]>;

/// <summary>One of them.</summary>
public sealed record GetAlias(Guid PersonId, Guid Id) : IQuery<AliasDetails>;

/// <summary>Who was merged into whom, and what an undo would do.</summary>
/// <param name="Aliases">How many went over; as of the other counts.</param>
/// <param name="Stays">What the other one got since: about, id and what of each, a hundred at most. It cannot be told apart whose it is, and an undo leaves it there.</param>
/// <param name="Changed">What went over and is no longer there: about and id of each, a hundred at most. An undo leaves it as it is.</param>
public sealed record MergeDetails(
    Guid Id, Guid FromId, Guid IntoId, int Aliases, int SessionParticipants, int SetParticipants, int Credits, JsonElement Stays, JsonElement Changed, DateTimeOffset CreatedAt, Guid? CreatedBy,
    DateTimeOffset? UndoneAt, Guid? UndoneBy);

/// <summary>One merge.</summary>
public sealed record GetMerge(Guid Id) : IQuery<MergeDetails>;

/// <summary>The merges of a person, either way; latest first.</summary>
public sealed record ListMerges(Guid PersonId) : IQuery<MergeDetails[]>;

/// <summary>Who is called so, or nearly so.</summary>
/// <param name="Q">A name, or its beginning; at most 200 characters. Case, accents and some typos do not matter.</param>
/// <param name="Limit">At most so many, 1 to 50.</param>
public sealed record FindPeople(string Q, int Limit) : IQuery<FoundPerson[]>;

internal sealed class FindPeopleValidator : AbstractValidator<FindPeople>
{
    private const int MostFound = 50;

    public FindPeopleValidator()
    {
        RuleFor(find => find.Q).NotEmpty().MaximumLength(200);
        RuleFor(find => find.Limit).InclusiveBetween(1, MostFound);
    }
}

/// <summary>A person who was found by a name.</summary>
/// <param name="Match">alias or name where that is the very name, prefix where it begins so, similar where it is nearly so.</param>
/// <param name="Alias">By which alias; null by the name itself.</param>
/// <param name="Score">How much of what was asked for is right, from 0 to 1.</param>
public sealed record FoundPerson(Guid Id, string DisplayName, string? Type, DateOnly? LastActiveOn, string Match, string? Alias, double Score);
