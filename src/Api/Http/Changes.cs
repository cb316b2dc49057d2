using System.Text.Json;
using System.Text.Json.Serialization;
using MediaPlatform.Application;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MediaPlatform.Api.Http;

/// <summary>Members of a merge patch (RFC 7396) that may be emptied: <c>null</c> is not the same as to be left out.</summary>
internal sealed class Changes : JsonConverterFactory
{
    public static bool IsChange(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Change<>);

    /// <summary>In the document a change is what it changes to.</summary>
    public static void Describe(SwaggerGenOptions options)
    {
        options.MapType<Change<string>>(() => new OpenApiSchema { Type = JsonSchemaType.String });
        options.MapType<Change<IReadOnlyList<string>>>(() => new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } });
        options.MapType<Change<DateTimeOffset?>>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });
    }

    public override bool CanConvert(Type typeToConvert) => IsChange(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Of<T> : JsonConverter<Change<T>>
    {
        public override bool HandleNull => true;

        public override Change<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(IsGiven: true, reader.TokenType is JsonTokenType.Null ? default : JsonSerializer.Deserialize<T>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, Change<T> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.Value, options);
    }
}
