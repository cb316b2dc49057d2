using System.Globalization;
using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>One condition to SQL.</summary>
internal static class ConditionCompiler
{
    private static readonly Operator[] Sets = [Operator.Eq, Operator.Ne, Operator.In, Operator.Nin, Operator.Null];
    private static readonly Operator[] Ordered = [.. Sets, Operator.Gt, Operator.Gte, Operator.Lt, Operator.Lte, Operator.Between];
    private static readonly Operator[] Texts = [.. Sets, Operator.Contains, Operator.Icontains, Operator.StartsWith, Operator.EndsWith];
    private static readonly Operator[] Arrays = [Operator.Any, Operator.All, Operator.None];

    /// <summary>The SQL; <c>false</c>, and an error added, when the condition can't be.</summary>
    public static string Compile<T>(Field<T> field, Condition condition, DynamicParameters parameters, List<Error> errors)
    {
        var taken = Takes(field.Type);
        if (!taken.Contains(condition.Operator))
        {
            errors.Add(ListErrors.OperatorNotTaken(field.Name, Names.Of(condition.Operator), string.Join(", ", taken.Select(Names.Of))));
            return "false";
        }

        if (condition.Operator is Operator.Null)
        {
            if (bool.TryParse(condition.Values[0], out var isNull)) return $"{field.Sql} is {(isNull ? "" : "not ")}null";
            errors.Add(ListErrors.ValueNotReadable(field.Name, condition.Values[0], "true or false"));
            return "false";
        }

        var values = Values.Read(field, condition.Values, errors);
        if (values is null) return "false";

        var name = $"p{parameters.ParameterNames.Count()}";
        if (condition.Operator is Operator.Between)
        {
            if (values.Length != 2)
            {
                errors.Add(ListErrors.ValueNotReadable(field.Name, string.Join(',', condition.Values), "two values, the lower first"));
                return "false";
            }

            parameters.Add(name, values.GetValue(0));
            parameters.Add(name + "b", values.GetValue(1));
            return $"{field.Sql} between @{name} and @{name}b";
        }

        var isList = field.Type is FieldType.TextArray || condition.Operator is Operator.In or Operator.Nin;
        if (!isList && values.Length != 1)
        {
            errors.Add(ListErrors.ValueNotReadable(field.Name, string.Join(',', condition.Values), "one value"));
            return "false";
        }

        parameters.Add(name, isList ? values : Pattern(condition.Operator, values.GetValue(0)!));

        // text is compared as it is stored, composed (NFC)
        var value = field.Type is FieldType.Text && !isList ? $"normalize(@{name})" : $"@{name}";
        var list = field.Type is FieldType.Text or FieldType.TextArray ? $"array(select normalize(given) from unnest(@{name}) given)" : $"@{name}";
        return condition.Operator switch
        {
            Operator.Eq => $"{field.Sql} = {value}",
            Operator.Ne => field.Nullable ? $"{field.Sql} is distinct from {value}" : $"{field.Sql} <> {value}",
            Operator.Gt => $"{field.Sql} > {value}",
            Operator.Gte => $"{field.Sql} >= {value}",
            Operator.Lt => $"{field.Sql} < {value}",
            Operator.Lte => $"{field.Sql} <= {value}",
            Operator.In => $"{field.Sql} = any({list})",
            Operator.Nin => field.Nullable ? $"coalesce({field.Sql} <> all({list}), true)" : $"{field.Sql} <> all({list})",
            Operator.Contains or Operator.StartsWith or Operator.EndsWith => $"{field.Sql} like {value}",
            Operator.Icontains => $"{field.Sql} ilike {value}",
            Operator.Any => $"{field.Sql} && {list}",
            Operator.All => $"{field.Sql} @> {list}",
            Operator.None => $"not ({field.Sql} && {list})",
            _ => throw new InvalidOperationException($"{condition.Operator} is taken and not compiled."),
        };
    }

    private static Operator[] Takes(FieldType type) => type switch
    {
        FieldType.Text or FieldType.Code => Texts,
        FieldType.Enum or FieldType.Uuid or FieldType.Sha256 => Sets,
        FieldType.Integer or FieldType.Number or FieldType.Instant => Ordered,
        FieldType.Boolean => [Operator.Eq, Operator.Ne, Operator.Null],
        FieldType.TextArray => Arrays,
        _ => throw new InvalidOperationException($"{type} takes no operators."),
    };

    private static object Pattern(Operator op, object value)
    {
        return op switch
        {
            Operator.Contains or Operator.Icontains => $"%{Literal()}%",
            Operator.StartsWith => $"{Literal()}%",
            Operator.EndsWith => $"%{Literal()}",
            _ => value,
        };

        string Literal() => ((string)value).Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
    }
}

/// <summary>A caller's text to typed values.</summary>
internal static class Values
{
    /// <summary>A typed array, or null and an error for each value that is not of the type.</summary>
    public static Array? Read<T>(Field<T> field, IReadOnlyList<string> texts, List<Error> errors)
    {
        return field.Type switch
        {
            FieldType.Text or FieldType.Code => texts.ToArray(),
            FieldType.TextArray => texts.Select(text => text.Trim().ToLowerInvariant()).ToArray(),
            FieldType.Enum => All(text => field.Names!.Contains(text) ? text : null, $"one of {string.Join(", ", field.Names!)}"),
            FieldType.Uuid => AllOf<Guid>(text => Guid.TryParse(text, out var id) ? id : null, "a UUID"),
            FieldType.Integer => AllOf<long>(text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null, "a whole number"),
            FieldType.Number => AllOf<double>(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null, "a number"),
            FieldType.Boolean => AllOf<bool>(text => bool.TryParse(text, out var flag) ? flag : null, "true or false"),
            FieldType.Sha256 => All(ReadHash, "a SHA-256 as 64 hexadecimal digits"),
            FieldType.Instant => AllOf(ReadInstant, "a date or a time in RFC 3339, such as 2026-01-31 or 2026-01-31T12:00:00Z"),
            _ => throw new InvalidOperationException($"Values of {field.Type} can't be read."),
        };

        Array? All<TValue>(Func<string, TValue?> read, string expected)
            where TValue : class
        {
            var values = texts.Select(read).ToArray();
            return Bad(Array.FindIndex(values, value => value is null), expected) ? null : values;
        }

        Array? AllOf<TValue>(Func<string, TValue?> read, string expected)
            where TValue : struct
        {
            var values = texts.Select(read).ToArray();
            return Bad(Array.FindIndex(values, value => value is null), expected) ? null : values.Select(value => value!.Value).ToArray();
        }

        bool Bad(int index, string expected)
        {
            if (index >= 0) errors.Add(ListErrors.ValueNotReadable(field.Name, texts[index], expected));
            return index >= 0;
        }
    }

    private static byte[]? ReadHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    private static DateTime? ReadInstant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at.UtcDateTime : null;
}
