using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>The first line to a child: the limits that it puts on itself.</summary>
internal sealed record DecoderSettings(int ParentProcessId, long MemoryLimitBytes, long OutputLimitBytes, bool Rehearsing);

/// <summary>The first line from a child: the version of libvips, or why it cannot work.</summary>
internal sealed record DecoderGreeting(string? Version, string? Problem);

/// <summary>
/// Between pool and child: one JSON text a line, UTF-8, over the child's standard input and output. Settings and greeting
/// once, then request and outcome in turn.
/// </summary>
[JsonSourceGenerationOptions(Converters = [typeof(ExifValueConverter)])]
[JsonSerializable(typeof(DecoderSettings))]
[JsonSerializable(typeof(DecoderGreeting))]
[JsonSerializable(typeof(RenderRequest))]
[JsonSerializable(typeof(RenderOutcome))]
internal sealed partial class DecoderProtocol : JsonSerializerContext
{
    /// <summary>Far above any true line; what is longer comes from a child that went wrong.</summary>
    private const int LongestLine = 1 << 20;

    public static async Task Send<T>(Stream stream, T message, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(message, type), (byte)'\n'];
        await stream.WriteAsync(line, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <returns>Null when the stream ended first.</returns>
    /// <exception cref="JsonException">The line is not such a message, or is too long.</exception>
    public static async Task<T?> Receive<T>(Stream stream, JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : class
    {
        // a side never sends a line before the last one was answered, so nothing is read past a line's end
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return null;
            length += read;
            if (buffer[length - 1] == (byte)'\n') return JsonSerializer.Deserialize(buffer.AsSpan(0, length), type);
            if (length == LongestLine) throw new JsonException("The line is too long.");
            if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }
    }
}

/// <summary>The values of <see cref="EmbeddedMetadata.Exif"/>: text, whole numbers, numbers.</summary>
internal sealed class ExifValueConverter : JsonConverter<object>
{
    public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number when reader.TryGetInt64(out var integer) => integer,
        JsonTokenType.Number => reader.GetDouble(),
        _ => throw new JsonException($"{reader.TokenType} is no EXIF value."),
    };

    public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case string text: writer.WriteStringValue(text); break;
            case long integer: writer.WriteNumberValue(integer); break;
            case double number: writer.WriteNumberValue(number); break;
            default: throw new JsonException($"{value.GetType().Name} is no EXIF value.");
        }
    }
}
