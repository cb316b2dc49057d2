using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Application.Publication;

/// <summary>A name as a set credits it.</summary>
/// <param name="SetId">Whose credit it is.</param>
/// <param name="Position">In which order the set names them, from 0.</param>
/// <param name="Role">model or photographer.</param>
/// <param name="RawName">As it was published, word for word; "[redacted]" where it was deleted by a legal request.</param>
/// <param name="NameNorm">The same without case, accents and blanks too many.</param>
/// <param name="ResolutionStatus">unresolved, resolved or ignored.</param>
/// <param name="ResolvedPersonId">Whom it means.</param>
/// <param name="ResolutionId">With which others it was resolved, in one go.</param>
/// <param name="ResolvedAt">When somebody said so.</param>
/// <param name="ResolvedBy">Who.</param>
/// <param name="RedactedAt">When the name was deleted by a legal request.</param>
public sealed record CreditDetails(
    Guid Id, Guid SetId, int Position, string Role, string RawName, string NameNorm, string ResolutionStatus, Guid? ResolvedPersonId, Guid? ResolutionId, DateTimeOffset? ResolvedAt, Guid? ResolvedBy,
    DateTimeOffset? RedactedAt, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version);

/// <summary>The credits of all sets, newest first.</summary>
public sealed record ListCredits(ListRequest Request) : IQuery<Page<CreditDetails>>;

/// <summary>One of them.</summary>
public sealed record GetCredit(Guid Id) : IQuery<CreditDetails>;

/// <summary>The credits of a set, in its order.</summary>
public sealed record ListCreditsOfSet(Guid SetId) : IQuery<CreditDetails[]>;

/// <summary>Whom a credit may mean.</summary>
/// <param name="Limit">At most so many, 1 to 50.</param>
public sealed record FindCandidates(Guid CreditId, int Limit) : IQuery<CreditCandidate[]>;

internal sealed class FindCandidatesValidator : AbstractValidator<FindCandidates>
{
    private const int MostFound = 50;

    public FindCandidatesValidator() => RuleFor(find => find.Limit).InclusiveBetween(1, MostFound);
}

/// <summary>Somebody whom a credit may mean: a suggestion, until somebody resolves it.</summary>
/// <param name="Score">From 0 to 1; the sum of what the reasons give.</param>
/// <param name="Reasons">What speaks for it, each with what it gives.</param>
/// <param name="Alias">By which alias; null by the name itself.</param>
public sealed record CreditCandidate(Guid PersonId, string DisplayName, string? Type, string? Alias, double Score, IReadOnlyList<CandidateReason> Reasons);

/// <summary>What speaks for a candidate.</summary>
/// <param name="Code">Such as SAME_ALIAS, SAME_NAME, BEGINS_SO, SIMILAR_NAME, RESOLVED_BEFORE, SAME_CHANNEL, FITS_ROLE.</param>
/// <param name="Score">What it gives, from 0 to 1.</param>
public sealed record CandidateReason(string Code, double Score);

/// <summary>What was resolved in one go.</summary>
/// <param name="Name">The name that was resolved, as names are compared.</param>
/// <param name="Credits">How many credits were.</param>
/// <param name="Undone">How many of these are as they were before; null while it is not undone.</param>
public sealed record ResolutionDetails(
    Guid Id, Guid PersonId, string Name, string? Role, Guid? ChannelId, int Credits, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset? UndoneAt, Guid? UndoneBy, int? Undone);

/// <summary>One of them.</summary>
public sealed record GetResolution(Guid Id) : IQuery<ResolutionDetails>;
