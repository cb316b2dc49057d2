using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MediaPlatform.Application.Query;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>
/// What a client has declared and promoted: lists sort by it, and find its ranges, by a table of values with indexes of its own. Every
/// record of the kind has a row there, so that a join loses none.
/// </summary>
internal static partial class PromotedFields
{
    private const string Prefix = "custom_fields.";
    private const int LongestText = 500;

    private const string Select = """
        select id, name, type
        from field_definitions
        where client_id = @ClientId and entity = @Entity and name = any(@Names) and promotion = 'ready' and approval_status = 'approved' and deleted_at is null
        """;

    public static bool IsRange(Operator op) => op is Operator.Gt or Operator.Gte or Operator.Lt or Operator.Lte or Operator.Between;

    /// <summary>Why a list does not sort by a custom field; null of other names.</summary>
    public static string? Hint<T>(ListDefinition<T> list, string name) => list.Own is not null && name.StartsWith(Prefix, StringComparison.Ordinal) ? " Of custom_fields it sorts by those whose definitions are promoted, once their promotion is ready." : null;

    /// <summary>The list with those promoted fields that a request sorts by or asks for ranges of.</summary>
    public static async ValueTask<ListDefinition<T>> WithPromoted<T>(this DbSession db, ListDefinition<T> list, ListRequest request, CancellationToken cancellationToken)
    {
        if (list.Own is not { } own) return list;

        string[] names =
        [
            .. request.Sort.Select(key => key.Field).Concat(Ranges(request.Conditions)).Concat(request.Where is { } where ? Ranges([where]) : [])
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal)).Select(name => name[Prefix.Length..])
                .Distinct(StringComparer.Ordinal).Take(FilterLimits.Conditions),
        ];
        if (names.Length == 0) return list;

        var promoted = await db.List<PromotedField>(Select, new { db.ClientId, own.Entity, Names = names }, cancellationToken);
        return promoted.Count == 0 ? list : list.With(own, promoted);
    }

    /// <summary>The list that sorts by these as well.</summary>
    public static ListDefinition<T> With<T>(this ListDefinition<T> list, OwnFields<T> own, IReadOnlyList<PromotedField> promoted)
    {
        var joined = string.Concat(promoted.Select((row, at) => $"\njoin promoted_values p{at} on p{at}.client_id = r.client_id and p{at}.definition_id = @promoted{at} and p{at}.record_id = r.id and p{at}.holds = '{Holds(row.Type)}'"));
        return list.With(joined, promoted.Select((row, at) => FieldOf(own, row, $"p{at}")), promoted.Select((row, at) => ($"promoted{at}", row.Id)));
    }

    private static IEnumerable<string> Ranges(IEnumerable<Filter> filters) => filters.SelectMany(filter => filter switch
    {
        Condition condition => IsRange(condition.Operator) ? [condition.Field] : [],
        Filter.And and => Ranges(and.Of),
        Filter.Or or => Ranges(or.Of),
        Filter.Not not => Ranges([not.Of]),
        _ => Enumerable.Empty<string>(),
    });

    private static string Holds(string type) => type switch
    {
        "number" or "integer" => "number",
        "date_time" or "date" => "instant",
        _ => "text",
    };

    private static Field<T> FieldOf<T>(OwnFields<T> own, PromotedField row, string alias)
    {
        var (holds, type, read) = Holds(row.Type) switch
        {
            "number" => ("number", FieldType.Number, (Func<JsonElement, object?>)(value => Number(value))),
            "instant" when row.Type == "date" => ("instant", FieldType.Date, value => Date(value)),
            "instant" => ("instant", FieldType.Instant, value => Instant(value)),
            _ => ("text", FieldType.Text, value => Text(value, row.Type)),
        };
        return new(
            Prefix + row.Name, $"{alias}.{holds}", type,
            one => own.Of(one) is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(row.Name, out var value) ? read(value) : null, Nullable: true) { RecordId = $"{alias}.record_id" };
    }

    // As promoted_value() of the database has them: what it holds nothing for is null here as well, or a page would go on in the wrong place.
    private static double? Number(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number && value.GetDouble() is var number && double.IsFinite(number) && (number != 0 || !NotZero().IsMatch(value.GetRawText())) ? number : null;

    private static string? Text(JsonElement value, string type)
    {
        if (type == "boolean") return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetRawText() : null;
        if (value.ValueKind is not JsonValueKind.String) return null;

        var text = value.GetString()!;
        if (text.Length > LongestText && text.EnumerateRunes().Count() > LongestText) return null;
        return text;
    }

    private static DateOnly? Date(JsonElement value) =>
        value.ValueKind is JsonValueKind.String && value.GetString()! is var text && Dates().IsMatch(text) && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    private static DateTimeOffset? Instant(JsonElement value) =>
        value.ValueKind is JsonValueKind.String && value.GetString()! is var text && Instants().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero)
            : null;

    [GeneratedRegex(@"\A([1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,7})?)?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Instants();

    [GeneratedRegex(@"\A([1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-[0-9]{2}-[0-9]{2}\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Dates();

    [GeneratedRegex(@"\A-?[0.]*[1-9]", RegexOptions.NonBacktracking)]
    private static partial Regex NotZero();

}

/// <summary>One as its definition says.</summary>
/// <param name="Id">Of the definition.</param>
internal sealed record PromotedField(Guid Id, string Name, string Type);
