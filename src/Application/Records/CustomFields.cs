using System.Text.Json;
using FluentValidation;

namespace MediaPlatform.Application.Records;

/// <summary>The shape of every record's <c>custom_fields</c>.</summary>
internal static class CustomFieldsRule
{
    private const int MaxLength = 64 << 10;

    /// <summary>A JSON object, and not too large a one; also of other objects of the client's own, so that the message names none.</summary>
    public static void CustomFields<T>(this IRuleBuilder<T, JsonElement?> rule) => rule
        .Must(fields => fields is not { } value || value.ValueKind is JsonValueKind.Object).WithMessage("This is a JSON object, in braces.")
        .Must(fields => fields is not { } value || value.GetRawText().Length <= MaxLength).WithMessage($"This has at most {MaxLength:N0} characters of JSON.");
}
