using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>A show, as people write it.</summary>
/// <param name="Title">At most 500 characters.</param>
/// <param name="Description">At most 20,000 characters.</param>
/// <param name="IsDefault">Whether episodes that name no show are this one's; one show is.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record ShowFields(
    string Title, string? Description = null, bool IsDefault = false, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

internal sealed class ShowFieldsValidator : AbstractValidator<ShowFields>
{
    public ShowFieldsValidator()
    {
        RuleFor(show => show.Title).NotEmpty().MaximumLength(500);
        RuleFor(show => show.Description).MaximumLength(20_000);
        this.SharedFields();
    }
}

/// <summary>A show.</summary>
/// <param name="IsDefault">Whether episodes that name no show are this one's.</param>
public sealed record ShowDetails(
    Guid Id, string Title, string? Description, bool IsDefault, string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion,
    DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
