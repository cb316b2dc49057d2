using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Domain.Schema;

/// <summary>What a client's own field holds.</summary>
public enum CustomFieldType { Text, Number, Integer, Boolean, Date, DateTime, Enum, TextList, Url, Object }

/// <summary>A field of a client's own, as it is declared: a name in the custom fields of a kind of records.</summary>
/// <param name="Entity">The kind of records, as its path begins, such as <c>wardrobe-items</c>.</param>
public sealed record FieldDefinition(
    string Entity, string Name, CustomFieldType Type, bool Required, string? Pattern, double? Minimum, double? Maximum, int? MaxLength, IReadOnlyList<string> AllowedValues,
    JsonElement? DefaultValue, bool Deprecated, string? DeprecationReason)
{
    /// <summary>As many as one kind of records has.</summary>
    public const int Most = 200;

    /// <summary>As many of one kind of records are sorted by.</summary>
    public const int MostPromoted = 20;

    /// <summary>Characters of a text, or of one in a list, where no definition says less.</summary>
    public const int LongestText = 20_000;

    private const int MostItems = 500;

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(200);

    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    public static readonly RecordKind Kind = new("field_definition", "FIELD_DEFINITION", "Field definition");

    private readonly Lazy<Regex?> regex = new(() => Pattern is null ? null : RegexOf($@"\A(?:{Pattern})\z"));

    /// <summary>Why a pattern cannot be used; null when it can. It is matched in time that grows with the text alone, so it has no look-around and no back-references.</summary>
    public static FieldPatternInvalid? Fault(string pattern)
    {
        try
        {
            RegexOf(pattern);
            RegexOf($@"\A(?:{pattern})\z");
            return null;
        }
        catch (ArgumentException exception)
        {
            return new FieldPatternInvalid(exception.Message);
        }
        catch (NotSupportedException)
        {
            return new FieldPatternInvalid("look-around, back-references and very large repetitions are not taken.");
        }
    }

    /// <summary>Why a record may not be written so.</summary>
    /// <param name="before">The value as it is; null where there is none.</param>
    /// <param name="after">The value as it should be. One that stays is not held to rules that came later.</param>
    public IEnumerable<Error> Check(JsonElement? before, JsonElement? after)
    {
        var (was, given) = (OfNull(before), OfNull(after));
        var stays = was is { } one && given is { } other ? JsonElement.DeepEquals(one, other) : was is null && given is null;
        if (Deprecated) return stays ? [] : [new CustomFieldDeprecated(Name, DeprecationReason!)];
        if (given is null || (Required && IsEmpty(given.Value))) return Required ? [new CustomFieldRequired(Name)] : [];
        return stays ? [] : Faults(given.Value);
    }

    /// <summary>Why a value is none of this field.</summary>
    public IEnumerable<Error> Faults(JsonElement value) => Type switch
    {
        CustomFieldType.Text => value.ValueKind is JsonValueKind.String ? OfText(value.GetString()!) : Other("a text"),
        CustomFieldType.Url => value.ValueKind is JsonValueKind.String && IsUrl(value.GetString()!) ? OfText(value.GetString()!) : Other("an http or https URL"),
        CustomFieldType.TextList => value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String) ? OfList(value) : Other("a list of texts"),
        CustomFieldType.Enum => value.ValueKind is not JsonValueKind.String ? Other("a text")
            : AllowedValues.Contains(value.GetString()!, StringComparer.Ordinal) ? [] : [new CustomFieldNotAllowed(Name, string.Join(", ", AllowedValues))],
        CustomFieldType.Number => value.ValueKind is JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? OfNumber(value.GetDouble()) : Other("a number"),
        CustomFieldType.Integer => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var whole) ? OfNumber(whole) : Other("a whole number"),
        CustomFieldType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? [] : Other("true or false"),
        CustomFieldType.Date => value.ValueKind is JsonValueKind.String && IsDate(value.GetString()!) ? [] : Other("a date, such as 2026-01-31"),
        CustomFieldType.DateTime => value.ValueKind is JsonValueKind.String && IsInstant(value.GetString()!) ? [] : Other("a time in RFC 3339, such as 2026-01-31T12:00:00Z"),
        CustomFieldType.Object => value.ValueKind is JsonValueKind.Object ? [] : Other("an object"),
        _ => throw new InvalidOperationException($"{Type} is declared and not checked."),
    };

    private IEnumerable<Error> OfList(JsonElement list)
    {
        if (list.GetArrayLength() > MostItems) return [new CustomFieldTooLong(Name, $"{MostItems} items")];
        return list.EnumerateArray().SelectMany(item => OfText(item.GetString()!)).Take(1);
    }

    private IEnumerable<Error> OfText(string text)
    {
        var most = MaxLength ?? LongestText;
        if (text.Length > most) yield return new CustomFieldTooLong(Name, $"{most} characters");
        else if (!Fits(text)) yield return new CustomFieldPattern(Name, Pattern!);
    }

    private IEnumerable<Error> OfNumber(double number)
    {
        if (number >= (Minimum ?? number) && number <= (Maximum ?? number)) yield break;
        yield return new CustomFieldOutOfRange(Name, (Minimum, Maximum) switch
        {
            ({ } low, { } high) => Invariant($"{low} to {high}"),
            ({ } low, null) => Invariant($"{low} or more"),
            _ => Invariant($"{Maximum} or less"),
        });
    }

    private bool Fits(string text)
    {
        try
        {
            return regex.Value?.IsMatch(text) ?? true;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private Error[] Other(string expected) => [new CustomFieldOfOtherType(Name, expected)];

    private static JsonElement? OfNull(JsonElement? value) => value is { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? null : value;

    private static bool IsEmpty(JsonElement value) =>
        (value.ValueKind is JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString())) || (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == 0);

    private static bool IsUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var read) && read.Scheme is "http" or "https";

    private static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsInstant(string text) =>
        DateTimeOffset.TryParseExact(text is [.. var local, 'Z'] ? local + "+00:00" : text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static Regex RegexOf(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchTimeout);
}
