using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;

namespace MediaPlatform.Application.Production;

/// <summary>A network of labels, as people write it.</summary>
/// <param name="Name">At most 200 characters; one network has it, whatever its case and accents.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record NetworkFields(string Name, string? Notes = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

internal sealed class NetworkFieldsValidator : AbstractValidator<NetworkFields>
{
    public NetworkFieldsValidator()
    {
        RuleFor(network => network.Name).ProperName();
        RuleFor(network => network.Notes).MaximumLength(20_000);
        this.SharedFields();
    }
}

/// <summary>A network of labels.</summary>
/// <param name="Labels">How many labels belong to it, those in the trash aside.</param>
public sealed record NetworkDetails(
    Guid Id, string Name, string? Notes, int Labels, string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion,
    DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
