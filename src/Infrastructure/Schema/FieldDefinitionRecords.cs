using MediaPlatform.Application.Schema;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Schema;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Schema;

internal static class FieldDefinitionRecords
{
    internal static readonly RecordTable<FieldDefinitionFields> Table = new(
        FieldDefinition.Kind,
        "field_definitions",
        [
            new("entity", "text"), new("name", "text"), new("purpose", "text"), new("type", "text"), new("required", "boolean"), new("pattern", "text"), new("minimum", "double precision"),
            new("maximum", "double precision"), new("max_length", "int"), new("allowed_values", "text[]"), new("default_value", "jsonb"), new("deprecated", "boolean"),
            new("deprecation_reason", "text"), new("promoted", "boolean"), .. Shared.Columns,
        ])
    {
        Tidy = static field => field with { AllowedValues = field.AllowedValues ?? [], Tags = Shared.Tags(field), CustomFields = Shared.Object(field.CustomFields) },
        Violations = new Dictionary<string, Func<FieldDefinitionFields, Error>>(StringComparer.Ordinal)
        {
            ["field_definitions_name_unique"] = static field => new FieldDefinitionTaken(field.Entity, field.Name),
            ["field_definitions_promoted_limit"] = static field => new FieldPromotionLimit(field.Entity),
            ["field_definitions_limit"] = static field => new FieldDefinitionLimit(field.Entity),
        },
    };

    internal static readonly ListDefinition<FieldDefinitionDetails> List = new(
        $"""
        r.id, r.entity, r.name, r.purpose, r.type, r.required, r.pattern, r.minimum, r.maximum, r.max_length, r.allowed_values,
        r.default_value, r.deprecated, r.deprecation_reason, r.promoted, r.promotion,
        {Shared.Read}
        """,
        "field_definitions r",
        [
            new("entity", "r.entity", FieldType.Code),
            new("name", "r.name", FieldType.Code, row => row.Name),
            new("purpose", "r.purpose", FieldType.Text),
            Fields.Enum<FieldDefinitionDetails, CustomFieldType>("type", "r.type"),
            new("required", "r.required", FieldType.Boolean),
            new("deprecated", "r.deprecated", FieldType.Boolean),
            new("promoted", "r.promoted", FieldType.Boolean),
            new("promotion", "r.promotion", FieldType.Enum, Nullable: true, Names: ["gathering", "ready", "removing"]),
            .. Shared.Fields<FieldDefinitionDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible);
}
