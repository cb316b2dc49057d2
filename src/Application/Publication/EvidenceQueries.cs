using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Publication;

/// <summary>Something that is believed or known of a set, and why.</summary>
/// <param name="About">label, person or session.</param>
/// <param name="Id">Of that.</param>
/// <param name="Name">Of that: of a session its place, or when it began.</param>
/// <param name="Role">Of a person: model or photographer.</param>
/// <param name="Source">channel_map: because of where it came out; manual: somebody says so; credit: a raw credit was resolved so; media: the set shows media of that session.</param>
/// <param name="Confidence">Of labels, from 0 to 1; null of what somebody has decided.</param>
/// <param name="SourceId">The channel, the credit, or one of the media items; null of what is said by hand.</param>
/// <param name="RawName">Of a credit: what was published.</param>
/// <param name="At">Since when it is so.</param>
/// <param name="By">Who says so.</param>
public sealed record EvidenceDetails(
    string About, Guid Id, string Name, string? Role, string Source, double? Confidence, Guid? SourceId, string? RawName, string? Notes, DateTimeOffset? At, Guid? By);

/// <summary>Why anything is believed of a set.</summary>
public sealed record ListEvidence(Guid SetId) : IQuery<EvidenceDetails[]>;

/// <summary>Which sessions a set may show.</summary>
/// <param name="Limit">At most so many, 1 to 50.</param>
public sealed record FindSessionCandidates(Guid SetId, int Limit) : IQuery<SessionCandidate[]>;

internal sealed class FindSessionCandidatesValidator : AbstractValidator<FindSessionCandidates>
{
    private const int MostFound = 50;

    public FindSessionCandidatesValidator() => RuleFor(find => find.Limit).InclusiveBetween(1, MostFound);
}

/// <summary>A session that a set may show: a suggestion, until somebody says so.</summary>
/// <param name="Status">draft or confirmed.</param>
/// <param name="IsClaimed">Somebody says so already.</param>
/// <param name="Score">From 0 to 1; the sum of what the reasons give.</param>
/// <param name="Reasons">code and score of each: LABEL gives 0.35 times the confidence of its label, PARTICIPANTS 0.45 times the share of the set's people who were in it, DATE 0.2 when it ended the day the set came out, less the longer before, and nothing after a year.</param>
public sealed record SessionCandidate(
    Guid SessionId, Guid? LabelId, DateTimeOffset? ProducedStartAt, string? Location, string Status, bool IsClaimed, double Score, JsonElement Reasons);
