using System.Text.Json.Serialization.Metadata;

namespace MediaPlatform.Api.Http;

/// <summary>What a body's members demand: said once, for the reader and for the documentation.</summary>
internal static class MemberRules
{
    public static bool IsNullable(JsonPropertyInfo property) => Changes.IsChange(property.PropertyType) || (
        property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : property.AssociatedParameter?.IsNullable ?? property.IsSetNullable);

    /// <summary>A member must be there when it is marked <c>required</c>, or when it is a constructor's parameter that is neither nullable nor has a default.</summary>
    public static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false } && !IsNullable(property);
}
