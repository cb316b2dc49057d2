using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;

namespace MediaPlatform.Application.Library;

/// <summary>A manifest, as people write it.</summary>
/// <param name="Title">What it is for; 1 to 500 characters.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="LeaseDays">How long its items are kept from eviction, from when it is made or renewed: 1 to 365.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record ManifestFields(
    string Title, string? Notes = null, int LeaseDays = 7, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

internal sealed class ManifestFieldsValidator : AbstractValidator<ManifestFields>
{
    public ManifestFieldsValidator()
    {
        RuleFor(manifest => manifest.Title).NotEmpty().MaximumLength(500);
        RuleFor(manifest => manifest.Notes).MaximumLength(20_000);
        RuleFor(manifest => manifest.LeaseDays).InclusiveBetween(1, 365);
        this.SharedFields();
    }
}

/// <summary>A manifest.</summary>
/// <param name="Status">open, completed or abandoned.</param>
/// <param name="LeaseUntil">While it is open and this has not come, nothing of it is evicted; then it is abandoned.</param>
/// <param name="Entries">How many items it has.</param>
/// <param name="Gathering">running, done or failed; null where it was not gathered.</param>
public sealed record ManifestDetails(
    Guid Id, string Title, string? Notes, string Status, int LeaseDays, DateTimeOffset LeaseUntil, int Entries, string? Gathering, string? ExternalId,
    string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version,
    DateTimeOffset? ApprovedAt, Guid? OriginalApprover, DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
