using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;

namespace MediaPlatform.Application.Production;

/// <summary>A project of a label, as people write it.</summary>
/// <param name="LabelId">Whose it is.</param>
/// <param name="Name">At most 200 characters; one project of the label has it, whatever its case and accents.</param>
/// <param name="StartAt">When work on it began.</param>
/// <param name="EndAt">When it ended; not before it began.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record ProjectFields(
    Guid LabelId, string Name, DateTimeOffset? StartAt = null, DateTimeOffset? EndAt = null, string? Notes = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null,
    JsonElement? CustomFields = null) : IRecordFields;

internal sealed class ProjectFieldsValidator : AbstractValidator<ProjectFields>
{
    public ProjectFieldsValidator()
    {
        RuleFor(project => project.Name).ProperName();
        RuleFor(project => project.EndAt).GreaterThanOrEqualTo(project => project.StartAt).When(project => project.StartAt is not null).WithMessage("A project does not end before it began.");
        RuleFor(project => project.Notes).MaximumLength(20_000);
        this.SharedFields();
    }
}

/// <summary>A project of a label.</summary>
public sealed record ProjectDetails(
    Guid Id, Guid LabelId, string Name, DateTimeOffset? StartAt, DateTimeOffset? EndAt, string? Notes, string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus,
    string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
