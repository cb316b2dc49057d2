using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>A person, as people write it.</summary>
/// <param name="DisplayName">What the person is called here; at most 200 characters. Others may be called so as well.</param>
/// <param name="Type">model, photographer or both; what somebody was in a session is said there.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record PersonFields(
    string DisplayName, PersonType? Type = null, string? Notes = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

internal sealed class PersonFieldsValidator : AbstractValidator<PersonFields>
{
    public PersonFieldsValidator()
    {
        RuleFor(person => person.DisplayName).ProperName();
        RuleFor(person => person.Notes).MaximumLength(20_000);
        this.SharedFields();
    }
}

/// <summary>A person.</summary>
/// <param name="Aliases">id, alias and source of each other name, as they came.</param>
/// <param name="MergedInto">Who it is by now.</param>
/// <param name="LastActiveOn">The latest date of a set or session that the person is in.</param>
public sealed record PersonDetails(
    Guid Id, string DisplayName, string? Type, string? Notes, JsonElement Aliases, DateOnly? LastActiveOn, Guid? MergedInto, string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus,
    string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails
{
    Guid? IRecordDetails.MovedTo => MergedInto;
}
