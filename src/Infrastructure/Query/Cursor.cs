using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>
/// Where a page ended: the sort it belongs to, the last row's keys as text (null for null) and id, and the total that the first
/// page counted. It holds nothing secret and is trusted for nothing: a forged one gives another place in the caller's own list.
/// Its total is that of one filter, so with another it is refused; one that names no filter is a place alone.
/// </summary>
internal sealed record Cursor(
    [property: JsonPropertyName("s")] string Sort,
    [property: JsonPropertyName("k")] IReadOnlyList<string?> Keys,
    [property: JsonPropertyName("i")] Guid Id,
    [property: JsonPropertyName("t")] int? Total,
    [property: JsonPropertyName("c")] bool TotalIsCapped,
    [property: JsonPropertyName("f"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Filter = null)
{
    private const int MaxLength = 12_000;

    // escaped, three texts of 500 characters would be longer than that
    private static readonly JsonTypeInfo<Cursor> Type = new CursorJson(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Cursor;

    /// <summary>After this row.</summary>
    public static Cursor After<T>(ListDefinition<T> list, IReadOnlyList<SortBy> sort, T row, int? total, bool totalIsCapped, ListRequest? of = null) =>
        new(Signature(sort), [.. sort.Select(key => Text(list.Find(key.Field)!.SortKey!(row)))], list.Id(row), total, totalIsCapped, of is null ? null : FilterSignature.Of(of));

    /// <summary>Null when it is no cursor of this sort and filter.</summary>
    public static Cursor? Read(string opaque, IReadOnlyList<SortBy> sort, ListRequest of)
    {
        if (opaque.Length > MaxLength) return null;
        try
        {
            var cursor = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(opaque), Type);
            return cursor?.Sort == Signature(sort) && cursor.Keys?.Count == sort.Count && !cursor.Keys.Any(key => key?.Contains('\0', StringComparison.Ordinal) is true) && (cursor.Filter is null || cursor.Filter == FilterSignature.Of(of)) ? cursor : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public string Write() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, Type));

    private static string Signature(IReadOnlyList<SortBy> sort) => string.Join(',', sort.Select(key => (key.Descending ? "-" : "") + key.Field));

    private static string? Text(object? key) => key switch
    {
        null => null,
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => key.ToString(),
    };
}

/// <summary>Tells the filters of lists apart.</summary>
internal static class FilterSignature
{
    private const int Bytes = 9;

    public static string Of(ListRequest request)
    {
        var text = new StringBuilder();
        Say(text, request.Text ?? "");
        text.Append(request.IncludeDeleted ? '+' : '-');
        foreach (var condition in request.Conditions) Say(text, condition);
        if (request.Where is not null) Say(text, request.Where);
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, Bytes));
    }

    private static void Say(StringBuilder text, Filter filter)
    {
        switch (filter)
        {
            case Condition condition:
                Say(text, condition.Field);
                text.Append((int)condition.Operator).Append('=');
                for (var at = 0; at < condition.Values.Count; at++)
                {
                    text.Append((int)(condition.Kinds?[at] ?? ValueKind.Any));
                    Say(text, condition.Values[at]);
                }

                break;
            case Filter.And and: Group('&', and.Of); break;
            case Filter.Or or: Group('|', or.Of); break;
            case Filter.Not not: Group('!', [not.Of]); break;
        }

        void Group(char kind, IReadOnlyList<Filter> parts)
        {
            text.Append(kind).Append('(');
            foreach (var part in parts) Say(text, part);
            text.Append(')');
        }
    }

    /// <summary>With its length, so that no two ways of dividing a text look alike.</summary>
    private static void Say(StringBuilder text, string part) => text.Append(part.Length).Append(':').Append(part);
}

[JsonSerializable(typeof(Cursor))]
internal sealed partial class CursorJson : JsonSerializerContext;
