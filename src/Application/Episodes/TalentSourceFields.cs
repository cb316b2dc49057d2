using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Somebody who is in clips, as people write it.</summary>
/// <param name="Name">As clips name it, for ever; at most 200 characters, without " - ".</param>
/// <param name="Description">At most 20,000 characters.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record TalentSourceFields(
    string Name, string? Description = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

internal sealed class TalentSourceFieldsValidator : AbstractValidator<TalentSourceFields>
{
    public TalentSourceFieldsValidator()
    {
        RuleFor(source => source.Name).NotEmpty().MaximumLength(200).Must(name => name is null || (name.Trim() == name && !name.Contains(" - ", StringComparison.Ordinal)))
            .WithMessage("A name has no blanks around it and no \" - \" within, which is what a guest's name stands behind.");
        RuleFor(source => source.Description).MaximumLength(20_000);
        this.SharedFields();
    }
}

/// <summary>Clips name a source by its name, so that it stays.</summary>
internal sealed class TalentSourcesKeepTheirName : IRecordRule<TalentSourceFields>
{
    public IEnumerable<Error> Check(StoredRecord? before, TalentSourceFields after)
    {
        if (before?.As<TalentSourceFields>().Name is { } name && name != after.Name.Normalize()) yield return new TalentSourceNameIsFixed(name);
    }
}

/// <summary>Somebody who is in clips. Every client begins with Lala, JustAWomanInHerPrime and Guest.</summary>
public sealed record TalentSourceDetails(
    Guid Id, string Name, string? Description, string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion,
    DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
