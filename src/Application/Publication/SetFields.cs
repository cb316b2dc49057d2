using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Publication;

/// <summary>A published set, as people write it.</summary>
/// <param name="Title">As it was published; at most 500 characters.</param>
/// <param name="ChannelId">Where it came out.</param>
/// <param name="PublishedAt">When it came out.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="IsCompilation">Read, and not written: what a set is already may be said again.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record SetFields(
    string Title, Guid ChannelId, DateTimeOffset PublishedAt, string? Notes = null, bool? IsCompilation = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null,
    JsonElement? CustomFields = null) : IRecordFields;

internal sealed class SetFieldsValidator : AbstractValidator<SetFields>
{
    public const int MostOfTitle = 500;

    public SetFieldsValidator()
    {
        RuleFor(set => set.Title).NotEmpty().MaximumLength(MostOfTitle);
        RuleFor(set => set.Notes).MaximumLength(20_000);
        this.SharedFields();
    }
}

/// <summary>Whether a set is a compilation is found out, and never said: what it is already may be said again.</summary>
internal sealed class SetParts(ISetMedia media) : IRecordParts<SetFields>
{
    public async Task<Result<SetFields>> Complete(StoredRecord? before, SetFields after, CancellationToken cancellationToken)
    {
        if (after.IsCompilation is not { } said) return after;
        return said == (before is not null && await media.IsCompilation(before.State.Id, cancellationToken)) ? after : new CompilationIsComputed();
    }

    public Task<Result<Finding[]>> Keep(Guid id, StoredRecord? before, SetFields after, CancellationToken cancellationToken) => Task.FromResult<Result<Finding[]>>(Array.Empty<Finding>());
}

/// <summary>A published set.</summary>
/// <param name="CoverMediaItemId">One of its media; see /cover.</param>
/// <param name="IsCompilation">Whether its media come from more than one session.</param>
/// <param name="Media">How many media it shows.</param>
/// <param name="Credits">How many names it credits.</param>
/// <param name="UnresolvedCredits">How many of these nobody has looked at.</param>
/// <param name="Participants">How many people are known to be in it.</param>
public sealed record SetDetails(
    Guid Id, string Title, Guid ChannelId, DateTimeOffset PublishedAt, string? Notes, Guid? CoverMediaItemId, bool IsCompilation, int Media, int Credits, int UnresolvedCredits, int Participants, string? ExternalId, string[] Tags,
    JsonElement CustomFields, string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version,
    DateTimeOffset? ApprovedAt, Guid? OriginalApprover, DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;

/// <summary>That a set is of a label, as somebody says.</summary>
/// <param name="Confidence">How sure that is, from 0 to 1.</param>
/// <param name="Notes">Such as how it is known; at most 2,000 characters.</param>
public sealed record SetLabelClaim(double Confidence, string? Notes = null) : IClaim;

internal sealed class SetLabelClaimValidator : AbstractValidator<SetLabelClaim>
{
    public SetLabelClaimValidator() => this.Claim();
}

/// <summary>A label that a set may be of.</summary>
/// <param name="Confidence">How sure that is by the best of its sources, from 0 to 1.</param>
/// <param name="Sources">evidence_type (channel_map: because of where it came out; manual: somebody says so) and confidence of each.</param>
/// <param name="Version">Of what somebody has said; 0 where only the channel says so.</param>
public sealed record SetLabelClaimDetails(Guid LabelId, string Name, double Confidence, JsonElement Sources, string? Notes, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version) : ILinkDetails;

/// <summary>That a set shows a session, as somebody says.</summary>
/// <param name="Notes">Such as how it is known; at most 2,000 characters.</param>
public sealed record SetSessionLink(string? Notes = null);

internal sealed class SetSessionLinkValidator : AbstractValidator<SetSessionLink>
{
    public SetSessionLinkValidator() => RuleFor(link => link.Notes).MaximumLength(2_000);
}

/// <summary>A session that a set shows, as somebody says.</summary>
/// <param name="Status">Of the session: draft or confirmed.</param>
/// <param name="Version">Of the link.</param>
public sealed record SetSessionDetails(
    Guid SessionId, Guid? LabelId, DateTimeOffset? ProducedStartAt, string? Location, string Status, string? Notes, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version) : ILinkDetails;

/// <summary>That a person is in a set, as somebody says.</summary>
/// <param name="Notes">Such as how it is known; at most 2,000 characters.</param>
public sealed record SetParticipantLink(string? Notes = null);

internal sealed class SetParticipantLinkValidator : AbstractValidator<SetParticipantLink>
{
    public SetParticipantLinkValidator() => RuleFor(link => link.Notes).MaximumLength(2_000);
}

/// <summary>A person in a set, as model or as photographer.</summary>
/// <param name="ByHand">Somebody has said so, whatever the set credits.</param>
/// <param name="Credits">id and raw_name of each credit that means this person.</param>
/// <param name="Version">Of what somebody has said; 0 where only credits say so.</param>
public sealed record SetParticipantDetails(
    Guid PersonId, string Role, string DisplayName, bool ByHand, JsonElement Credits, string? Notes, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version) : ILinkDetails;
