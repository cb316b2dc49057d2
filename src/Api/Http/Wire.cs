using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaPlatform.Api.Http;

/// <summary>How values look on the wire.</summary>
internal static class Wire
{
    public const string ContentType = "application/json; charset=utf-8";
    public const string ProblemContentType = "application/problem+json; charset=utf-8";
    public const int MaxDepth = 32;

    /// <summary>The one set of JSON options, for what is read and what is written.</summary>
    public static readonly JsonSerializerOptions Json = Make();

    /// <summary>A C# name as the wire spells it.</summary>
    public static string Name(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>Whether PostgreSQL can store a text: it takes all of Unicode but this one character.</summary>
    public static bool IsStorable(string text) => !text.Contains('\0');

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            // JSON is never put into HTML here: the content type and nosniff say so, and text in any script stays readable.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = MaxDepth * 2, // what is read is held to MaxDepth when it is parsed; what is written wraps it
            Converters = { new EnumNames(), new UtcTimes(), new Changes(), new Documents() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Enums by their snake_case names; read with hyphens as well: <c>in-production</c> is <c>in_production</c>.</summary>
    private sealed class EnumNames : JsonConverterFactory
    {
        private static readonly JsonStringEnumConverter Names = new(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

        public override bool CanConvert(Type typeToConvert) => Names.CanConvert(typeToConvert);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Hyphenated<>).MakeGenericType(typeToConvert), Names.CreateConverter(typeToConvert, options))!;

        private sealed class Hyphenated<T>(JsonConverter<T> names) : JsonConverter<T>
            where T : struct, Enum
        {
            public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
                reader.TokenType is JsonTokenType.String && reader.GetString() is { } text && text.Contains('-')
                    ? Domain.Names.Parse<T>(text.Replace('-', '_').ToLowerInvariant()) ?? throw new JsonException()
                    : names.Read(ref reader, typeToConvert, options);

            public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => names.Write(writer, value, options);

            public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => names.ReadAsPropertyName(ref reader, typeToConvert, options);

            public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => names.WriteAsPropertyName(writer, value, options);
        }
    }

    /// <summary>RFC 3339: written in UTC with <c>Z</c>; read with any offset, but never without one.</summary>
    private sealed class UtcTimes : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType is JsonTokenType.String ? reader.GetString()! : throw new JsonException();
            return TryRead(text, out var time) ? time : throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.AddTicks(-(value.Ticks % TimeSpan.TicksPerMicrosecond))); // as PostgreSQL keeps it: what an answer says is what is read later
    }

    /// <summary>JSON of somebody else's shape goes out as it came from the database, blanks included: it was checked there, and is not read once more.</summary>
    private sealed class Documents : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader);

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }

    /// <summary>An RFC 3339 time, in UTC.</summary>
    public static bool TryRead(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 || text[10] is not ('T' or 't' or ' ')) return false;
        if (text[^1] is not ('Z' or 'z') && text[^6] is not ('+' or '-')) return false;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time)) return false;
        time = time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond)); // as PostgreSQL keeps it, which would round the last instant of the year 9999 past what can be read
        return true;
    }
}
