using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Production;

/// <summary>A session, as people write it.</summary>
/// <param name="LabelId">Who produced it; left out, whose project it is.</param>
/// <param name="ProjectId">As part of what; the project is the label's.</param>
/// <param name="ProducedStartAt">When it began.</param>
/// <param name="ProducedEndAt">When it ended; not before it began.</param>
/// <param name="Location">Where; at most 500 characters.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record SessionFields(
    Guid? LabelId = null, Guid? ProjectId = null, DateTimeOffset? ProducedStartAt = null, DateTimeOffset? ProducedEndAt = null, string? Location = null, string? Notes = null,
    string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

internal sealed class SessionFieldsValidator : AbstractValidator<SessionFields>
{
    public SessionFieldsValidator()
    {
        RuleFor(session => session.ProducedEndAt).Must((session, end) => end is null || session.ProducedStartAt is not null).WithMessage("A session that ended has a start.");
        RuleFor(session => session.ProducedEndAt).GreaterThanOrEqualTo(session => session.ProducedStartAt).When(session => session.ProducedStartAt is not null).WithMessage("A session does not end before it began.");
        RuleFor(session => session.Location).MaximumLength(500);
        RuleFor(session => session.Notes).MaximumLength(20_000);
        this.SharedFields();
    }
}

/// <summary>A session that comes to another project comes to that one's label, unless another label is named.</summary>
internal sealed class SessionParts : IRecordParts<SessionFields>
{
    public Task<Result<SessionFields>> Complete(StoredRecord? before, SessionFields after, CancellationToken cancellationToken)
    {
        var was = before?.As<SessionFields>();
        var follows = was is not null && after.ProjectId is not null && after.ProjectId != was.ProjectId && after.LabelId == was.LabelId;
        return Task.FromResult<Result<SessionFields>>(follows ? after with { LabelId = null } : after);
    }

    public Task<Result<Finding[]>> Keep(Guid id, StoredRecord? before, SessionFields after, CancellationToken cancellationToken) =>
        Task.FromResult<Result<Finding[]>>(Array.Empty<Finding>());
}

/// <summary>What is confirmed keeps a start.</summary>
internal sealed class ConfirmedSessionsHaveAStart : IRecordRule<SessionFields>
{
    public IEnumerable<Error> Check(StoredRecord? before, SessionFields after)
    {
        if (before?.As<Session>().Status is SessionStatus.Confirmed && after.ProducedStartAt is null) yield return new SessionWithoutStart();
    }
}

/// <summary>A session.</summary>
/// <param name="Status">draft, or confirmed by somebody.</param>
/// <param name="Participants">How many people are in it; one who is in it as model and as photographer is one.</param>
public sealed record SessionDetails(
    Guid Id, Guid? LabelId, Guid? ProjectId, DateTimeOffset? ProducedStartAt, DateTimeOffset? ProducedEndAt, string? Location, string Status, string? Notes, int Participants, string? ExternalId,
    string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version,
    DateTimeOffset? ApprovedAt, Guid? OriginalApprover, DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;

/// <summary>That a person was in a session.</summary>
/// <param name="CreditNameOverride">What the person is called there, where that is not the display name; at most 200 characters.</param>
public sealed record SessionParticipantLink(string? CreditNameOverride = null);

internal sealed class SessionParticipantLinkValidator : AbstractValidator<SessionParticipantLink>
{
    public SessionParticipantLinkValidator() => RuleFor(link => link.CreditNameOverride).MaximumLength(200);
}

/// <summary>A person in a session, as model or as photographer.</summary>
/// <param name="CreditedAs">What the person is called there.</param>
/// <param name="Version">Of the link.</param>
public sealed record SessionParticipantDetails(
    Guid PersonId, string Role, string DisplayName, string? CreditNameOverride, string CreditedAs, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version) : ILinkDetails;
