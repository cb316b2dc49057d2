using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Schema;

namespace MediaPlatform.Application.Schema;

/// <summary>A field of the client's own, as people declare it.</summary>
/// <param name="Entity">The kind of records that has it, as its path begins, such as episodes or wardrobe-items. It stays.</param>
/// <param name="Name">Its name in custom_fields: a letter, then letters, digits, `_` or `-`; at most 100 characters. It stays.</param>
/// <param name="Purpose">What it is for; at most 2,000 characters.</param>
/// <param name="Type">text, number, integer, boolean, date, date_time, enum, text_list, url or object. It stays.</param>
/// <param name="Required">Whether a record without it is refused when it is written. Records that are there stay until then.</param>
/// <param name="Pattern">A regular expression of at most 500 characters that a text, a URL or each text of a list fits as a whole; without look-around and back-references.</param>
/// <param name="Minimum">The least of a number.</param>
/// <param name="Maximum">The most of a number.</param>
/// <param name="MaxLength">Characters of a text, a URL or each text of a list, 1 to 20,000.</param>
/// <param name="AllowedValues">The values of an enum, 1 to 200 of at most 200 characters each.</param>
/// <param name="DefaultValue">What stands where nothing is given when a record is written; at most 1,000 characters of JSON.</param>
/// <param name="Deprecated">Whether it is going: it is shown as ever, and refuses a write that changes it.</param>
/// <param name="DeprecationReason">Why, and what to use instead; at most 500 characters. Of one that is deprecated it must be there.</param>
/// <param name="Promoted">Whether lists sort by it, and find its ranges by an index: of text and url with a max_length of at most 500, number, integer, boolean, date, date_time and enum. At most 20 of a kind of records. `promotion` says when it is so.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record FieldDefinitionFields(
    string Entity, string Name, string Purpose, CustomFieldType Type, bool Required = false, string? Pattern = null, double? Minimum = null, double? Maximum = null, int? MaxLength = null,
    IReadOnlyList<string>? AllowedValues = null, JsonElement? DefaultValue = null, bool Deprecated = false, string? DeprecationReason = null, bool Promoted = false, string? ExternalId = null,
    IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields
{
    /// <summary>What values are held to.</summary>
    public FieldDefinition Definition() =>
        new(Entity, Name, Type, Required, Pattern, Minimum, Maximum, MaxLength, AllowedValues ?? [], DefaultValue, Deprecated, DeprecationReason);
}

internal sealed class FieldDefinitionFieldsValidator : AbstractValidator<FieldDefinitionFields>
{
    private const int LongestSorted = 500; // as promoted_value() has it: what an index holds
    private const int MaxDefaultLength = 1_000; // it stands in every record

    private static readonly CustomFieldType[] OfText = [CustomFieldType.Text, CustomFieldType.Url, CustomFieldType.TextList];
    private static readonly CustomFieldType[] OfNumber = [CustomFieldType.Number, CustomFieldType.Integer];

    public FieldDefinitionFieldsValidator()
    {
        RuleFor(field => field.Name).MaximumLength(100).Matches(@"^[A-Za-z][A-Za-z0-9_-]*\z").WithMessage("A name is a letter, then letters, digits, _ or -.");
        RuleFor(field => field.Purpose).NotEmpty().MaximumLength(2_000);
        RuleFor(field => field.Pattern).MaximumLength(500);
        RuleFor(field => field.Pattern).Null().When(field => !OfText.Contains(field.Type)).WithMessage("A pattern is for text, url and text_list.");
        RuleFor(field => field.MaxLength).InclusiveBetween(1, FieldDefinition.LongestText);
        RuleFor(field => field.MaxLength).Null().When(field => !OfText.Contains(field.Type)).WithMessage("A length is for text, url and text_list.");
        RuleFor(field => field.Minimum).Null().When(field => !OfNumber.Contains(field.Type)).WithMessage("A minimum is for number and integer.");
        RuleFor(field => field.Maximum).Null().When(field => !OfNumber.Contains(field.Type)).WithMessage("A maximum is for number and integer.");
        RuleFor(field => field.Maximum).GreaterThanOrEqualTo(field => field.Minimum).When(field => field.Minimum is not null).WithMessage("The maximum is not below the minimum.");
        RuleFor(field => field.AllowedValues).NotEmpty().When(field => field.Type is CustomFieldType.Enum).WithMessage("An enum has values.");
        RuleFor(field => field.AllowedValues).Must(values => values is not { Count: > 0 }).When(field => field.Type is not CustomFieldType.Enum).WithMessage("Values are for enum.");
        RuleFor(field => field.AllowedValues).Must(values => values is not { Count: > 200 }).WithMessage("At most 200 values.");
        RuleForEach(field => field.AllowedValues).NotEmpty().MaximumLength(200);
        RuleFor(field => field.DefaultValue).Must(value => value is not { } given || given.GetRawText().Length <= MaxDefaultLength).WithMessage($"A default has at most {MaxDefaultLength:N0} characters of JSON.");
        RuleFor(field => field.Promoted).Equal(false).When(field => field.Type is CustomFieldType.TextList or CustomFieldType.Object).WithMessage("Lists and objects are not sorted by.");
        RuleFor(field => field.Promoted).Equal(false).When(field => field.Type is CustomFieldType.Text or CustomFieldType.Url && field.MaxLength is not <= LongestSorted)
            .WithMessage($"A text that is sorted by has a max_length of at most {LongestSorted}.");
        RuleFor(field => field.DeprecationReason).MaximumLength(500).NotEmpty().When(field => field.Deprecated).WithMessage("What is deprecated says why.");
        this.SharedFields();
    }
}

/// <summary>A kind of records whose custom fields can be declared.</summary>
/// <param name="Name">As its path begins.</param>
public sealed record DefinableEntity(string Name);

internal sealed class DefinitionsAreSound(IEnumerable<DefinableEntity> entities) : IRecordRule<FieldDefinitionFields>
{
    public IEnumerable<Error> Check(StoredRecord? before, FieldDefinitionFields after)
    {
        if (before?.As<FieldDefinitionFields>() is { } was)
        {
            var moved = was.Entity != after.Entity ? "kind of records" : was.Name != after.Name ? "name" : was.Type != after.Type ? "type" : null;
            if (moved is not null) return [new FieldDefinitionIsFixed(moved)];
        }

        return Faults(after);
    }

    private IEnumerable<Error> Faults(FieldDefinitionFields field)
    {
        string[] known = [.. entities.Select(entity => entity.Name)];
        if (!known.Contains(field.Entity)) yield return new NoFieldsOf(field.Entity, NearestName.Hint(field.Entity, known));
        if (field.Pattern is { } pattern && FieldDefinition.Fault(pattern) is { } fault)
        {
            yield return fault;
            yield break;
        }

        if (field.DefaultValue is { ValueKind: not JsonValueKind.Null } given && field.Definition().Faults(given).FirstOrDefault() is { } why) yield return new FieldDefaultInvalid(why.Message);
    }
}

/// <summary>A field of the client's own.</summary>
/// <param name="Promotion">gathering, while its values are brought together; ready, when lists sort by it; removing, when it is promoted no longer; null otherwise.</param>
public sealed record FieldDefinitionDetails(
    Guid Id, string Entity, string Name, string Purpose, string Type, bool Required, string? Pattern, double? Minimum, double? Maximum, int? MaxLength, string[] AllowedValues,
    JsonElement? DefaultValue, bool Deprecated, string? DeprecationReason, bool Promoted, string? Promotion, string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion,
    DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
