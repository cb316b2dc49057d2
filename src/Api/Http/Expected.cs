using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MediaPlatform.Api.Http;

/// <summary>Types in words, for messages.</summary>
internal static class Expected
{
    /// <summary>A type that takes any JSON.</summary>
    public static bool IsFree(Type type) =>
        type == typeof(object) || type == typeof(JsonElement) || type == typeof(JsonElement?) || type == typeof(JsonDocument) || type.IsAssignableTo(typeof(JsonNode));

    public static string Of(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
        JsonTypeInfoKind.Enumerable => "a list",
        _ => Of(Nullable.GetUnderlyingType(type.Type) ?? type.Type),
    };

    public static string Of(Type type) => type switch
    {
        { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type).Select(Wire.Name)),
        _ when type == typeof(Guid) => "a UUID",
        _ when type == typeof(DateTimeOffset) => "an RFC 3339 time such as 2026-01-31T18:00:00Z",
        _ when type == typeof(DateOnly) => "a date such as 2026-01-31",
        _ when type == typeof(TimeOnly) => "a time of day such as 18:00:00",
        _ when type == typeof(Uri) => "a URL",
        _ when IsFree(type) => "any JSON",
        _ => OfCode(Type.GetTypeCode(type)),
    };

    public static string Given(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => value.GetString() is { Length: <= 60 } text ? $"\"{text}\"" : "that text",
        JsonValueKind.Null => "null",
        _ => value.GetRawText() is { Length: <= 60 } raw ? raw : "that number",
    };

    private static string OfCode(TypeCode code) => code switch
    {
        TypeCode.String => "text",
        TypeCode.Boolean => "true or false",
        TypeCode.Byte => $"a whole number from 0 to {byte.MaxValue}",
        TypeCode.Int16 => $"a whole number from {short.MinValue} to {short.MaxValue}",
        TypeCode.Int32 => $"a whole number from {int.MinValue} to {int.MaxValue}",
        TypeCode.Int64 => "a whole number",
        TypeCode.Decimal or TypeCode.Double or TypeCode.Single => "a number",
        _ => "of another form",
    };
}
