using System.Text.Json;
using FluentValidation;

namespace MediaPlatform.Application.Records;

/// <summary>The shape of every record's <c>custom_fields</c>.</summary>
internal static class CustomFieldsRule
{
    private const int MaxLength = 64 << 10;

    /// <summary>A JSON object, and not too large a one.</summary>
    public static void CustomFields<T>(this IRuleBuilder<T, JsonElement?> rule) => rule
        .Must(fields => fields is not { } value || value.ValueKind is JsonValueKind.Object).WithMessage("Custom fields are a JSON object.")
        .Must(fields => fields is not { } value || value.GetRawText().Length <= MaxLength).WithMessage($"Custom fields have at most {MaxLength} characters.");
}
