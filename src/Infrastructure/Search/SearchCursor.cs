using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Search;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Search;

/// <summary>The last hit of a page, and of which search. As that of a list it is trusted for nothing.</summary>
internal sealed record SearchCursor(
    [property: JsonPropertyName("p")] int Place,
    [property: JsonPropertyName("r")] int Reason,
    [property: JsonPropertyName("k")] float Rank,
    [property: JsonPropertyName("i")] Guid Id,
    [property: JsonPropertyName("f")] string Of)
{
    private const int MaxLength = 500;

    public string Write() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, SearchCursorJson.Default.SearchCursor));

    /// <summary>Null when it is no cursor of this search.</summary>
    public static SearchCursor? Read(string opaque, SearchAll query)
    {
        if (opaque.Length > MaxLength) return null;
        try
        {
            var cursor = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(opaque), SearchCursorJson.Default.SearchCursor);
            return cursor?.Of == Signature(query) ? cursor : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Tells searches apart.</summary>
    public static string Signature(SearchAll query) => FilterSignature.Of(ListRequest.Everything with
    {
        Text = query.Q,
        Conditions = [new("types", Operator.In, query.Types), new("tags", Operator.All, query.Tags), new("versions", Operator.Eq, [query.Versions])],
    });
}

[JsonSerializable(typeof(SearchCursor))]
internal sealed partial class SearchCursorJson : JsonSerializerContext;
