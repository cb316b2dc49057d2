using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;

namespace MediaPlatform.Application.Production;

/// <summary>A label, as people write it.</summary>
/// <param name="Name">At most 200 characters; one label has it, whatever its case and accents.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record LabelFields(string Name, string? Notes = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

internal sealed class LabelFieldsValidator : AbstractValidator<LabelFields>
{
    public LabelFieldsValidator()
    {
        RuleFor(label => label.Name).ProperName();
        RuleFor(label => label.Notes).MaximumLength(20_000);
        this.SharedFields();
    }
}

/// <summary>A label.</summary>
public sealed record LabelDetails(
    Guid Id, string Name, string? Notes, string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion,
    DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;

/// <summary>That a label belongs to a network.</summary>
/// <param name="Notes">Such as since when; at most 2,000 characters.</param>
public sealed record LabelNetworkLink(string? Notes = null);

internal sealed class LabelNetworkLinkValidator : AbstractValidator<LabelNetworkLink>
{
    public LabelNetworkLinkValidator() => RuleFor(link => link.Notes).MaximumLength(2_000);
}

/// <summary>A network that a label belongs to.</summary>
/// <param name="Version">Of the link.</param>
public sealed record LabelNetworkDetails(Guid NetworkId, string Name, string? Notes, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version) : ILinkDetails;
