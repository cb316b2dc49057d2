using System.Globalization;
using System.Text.RegularExpressions;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>A caller's text to typed values.</summary>
internal static partial class Values
{
    private const string InstantsLook = "a date or a time in RFC 3339, such as 2026-01-31 or 2026-01-31T12:00:00Z";

    private static readonly string[] InstantForms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>A typed array, or null and an error for the first value that is not of the type.</summary>
    public static Array? Read<T>(Field<T> field, IReadOnlyList<string> texts, List<Error> errors, IReadOnlyList<ValueKind>? kinds = null)
    {
        if (kinds is not null && WrongKind(field.Type, kinds) is var wrong and >= 0)
        {
            errors.Add(ListErrors.ValueNotReadable(field.Name, texts[wrong], Expected(field)));
            return null;
        }

        if (field.Spelled is { } spelled) texts = [.. texts.Select(spelled)];
        return field.Type switch
        {
            FieldType.Text or FieldType.Code => texts.ToArray(),
            FieldType.TextArray => texts.Select(text => text.Trim().ToLowerInvariant()).ToArray(),
            FieldType.Enum => All(text => text.Replace('-', '_') is var name && field.Names!.Contains(name) ? name : null), // in-production is in_production
            FieldType.Uuid => AllOf<Guid>(text => Guid.TryParse(text, out var id) ? id : null),
            FieldType.Integer => AllOf<long>(text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null),
            FieldType.Number => AllOf<double>(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null),
            FieldType.Boolean => AllOf<bool>(text => bool.TryParse(text, out var flag) ? flag : null),
            FieldType.Sha256 => All(ReadHash),
            FieldType.Instant => AllOf(ReadInstant),
            FieldType.Date => AllOf<DateOnly>(text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null),
            _ => throw new InvalidOperationException($"Values of {field.Type} can't be read."),
        };

        Array? All<TValue>(Func<string, TValue?> read)
            where TValue : class
        {
            var values = texts.Select(read).ToArray();
            return Bad(Array.FindIndex(values, value => value is null)) ? null : values;
        }

        Array? AllOf<TValue>(Func<string, TValue?> read)
            where TValue : struct
        {
            var values = texts.Select(read).ToArray();
            return Bad(Array.FindIndex(values, value => value is null)) ? null : values.Select(value => value!.Value).ToArray();
        }

        bool Bad(int index)
        {
            if (index >= 0) errors.Add(ListErrors.ValueNotReadable(field.Name, texts[index], Expected(field)));
            return index >= 0;
        }
    }

    /// <summary>The number of JSON that a text is, exactly as it is written; null when it is none, or none that anybody means.</summary>
    public static string? JsonNumber(string text) =>
        text.Length <= 60 && Number().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            && (number != 0 || text.AsSpan().IndexOfAny('e', 'E') < 0)
            ? text
            : null;

    private static string Expected<T>(Field<T> field) => field.Type switch
    {
        FieldType.Text or FieldType.Code or FieldType.TextArray => "a text",
        FieldType.Enum => $"one of {string.Join(", ", field.Names!)}",
        FieldType.Uuid => "a UUID",
        FieldType.Integer => "a whole number",
        FieldType.Number => "a number",
        FieldType.Boolean => "true or false",
        FieldType.Sha256 => "a SHA-256 as 64 hexadecimal digits",
        FieldType.Instant => InstantsLook,
        FieldType.Date => "a date, such as 2026-01-31",
        _ => throw new InvalidOperationException($"Values of {field.Type} can't be read."),
    };

    /// <summary>Where JSON has a number or a boolean for something else; -1 when nowhere.</summary>
    private static int WrongKind(FieldType type, IReadOnlyList<ValueKind> kinds)
    {
        for (var at = 0; at < kinds.Count; at++)
        {
            var fits = kinds[at] switch
            {
                ValueKind.Number => type is FieldType.Integer or FieldType.Number,
                ValueKind.Boolean => type is FieldType.Boolean,
                _ => true,
            };
            if (!fits) return at;
        }

        return -1;
    }

    private static byte[]? ReadHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    private static DateTime? ReadInstant(string text) =>
        DateTimeOffset.TryParseExact(text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at.UtcDateTime : null;

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
