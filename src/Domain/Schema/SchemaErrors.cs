namespace MediaPlatform.Domain.Schema;

public sealed record EntityNotFound(string Name, string Hint) : NotFoundError("ENTITY_NOT_FOUND", $"There is no kind of records \"{Name}\".{Hint}");
public sealed record NoFieldsOf(string Entity, string Hint) : InvalidError("UNKNOWN_ENTITY", $"There is no kind of records \"{Entity}\" that takes fields of your own.{Hint}", "entity");
public sealed record NoCompletenessOf(string Entity, IReadOnlyList<string> Known) : InvalidError("UNKNOWN_ENTITY", $"There is no report on \"{Entity}\"; there are those on {string.Join(", ", Known)}.", "entity");
public sealed record FieldDefinitionTaken(string Entity, string Name) : ConflictError("FIELD_DEFINITION_TAKEN", $"The field \"{Name}\" of {Entity} is declared already.", "name");
public sealed record FieldDefinitionLimit(string Entity) : ConflictError("FIELD_DEFINITION_LIMIT", $"{Entity} have {FieldDefinition.Most} declared fields, which is the most.", "entity");
public sealed record FieldPromotionLimit(string Entity) : ConflictError("FIELD_PROMOTION_LIMIT", $"{Entity} have {FieldDefinition.MostPromoted} promoted fields, which is the most.", "promoted");
public sealed record FieldDefinitionIsFixed(string What) : LockedError("FIELD_DEFINITION_FIXED", $"Records have values by this definition: its {What} stays. Deprecate it, and declare another field.");
public sealed record FieldPatternInvalid(string Why) : InvalidError("FIELD_PATTERN_INVALID", $"The pattern cannot be used: {Why}", "pattern");
public sealed record FieldDefaultInvalid(string Why) : InvalidError("FIELD_DEFAULT_INVALID", $"The default is no value of the field: {Why}", "default_value");

public sealed record CustomFieldRequired(string Name) : CustomFieldError(CustomFieldErrors.Required, Name, "is required.");
public sealed record CustomFieldOfOtherType(string Name, string Expected) : CustomFieldError("CUSTOM_FIELD_TYPE", Name, $"must be {Expected}.");
public sealed record CustomFieldPattern(string Name, string Pattern) : CustomFieldError("CUSTOM_FIELD_PATTERN", Name, $"does not fit the pattern {Pattern}");
public sealed record CustomFieldOutOfRange(string Name, string Range) : CustomFieldError("CUSTOM_FIELD_RANGE", Name, $"must be {Range}.");
public sealed record CustomFieldTooLong(string Name, string Most) : CustomFieldError("CUSTOM_FIELD_TOO_LONG", Name, $"has at most {Most}.");
public sealed record CustomFieldNotAllowed(string Name, string Allowed) : CustomFieldError("CUSTOM_FIELD_NOT_ALLOWED", Name, $"must be one of {Allowed}.");
public sealed record CustomFieldDeprecated(string Name, string Reason) : CustomFieldError("CUSTOM_FIELD_DEPRECATED", Name, $"is deprecated and stays as it is: {Reason}");

/// <summary>A value of a client's own field that its definition does not take.</summary>
public abstract record CustomFieldError(string Code, string Name, string Why) : InvalidError(Code, $"custom_fields.{Name} {Why}", $"custom_fields.{Name}");

public static class CustomFieldErrors
{
    /// <summary>Of any write of a record's fields, also one that leaves custom fields alone.</summary>
    public const string Required = "CUSTOM_FIELD_REQUIRED";

    /// <summary>All that a write of custom fields is refused with.</summary>
    public static readonly IReadOnlyList<string> Codes =
    [
        Required, "CUSTOM_FIELD_TYPE", "CUSTOM_FIELD_PATTERN", "CUSTOM_FIELD_RANGE", "CUSTOM_FIELD_TOO_LONG", "CUSTOM_FIELD_NOT_ALLOWED", "CUSTOM_FIELD_DEPRECATED",
    ];
}
