using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>
/// Conditions on a path within a column of <c>jsonb</c>. Names and values of a path are parameters. Equality is containment
/// (<c>@&gt;</c>), which a <c>jsonb_path_ops</c> index serves; what stands at the path keeps its own type, so that 400 and "400" differ
/// where the caller's JSON tells them apart, and both fit where a query string does not. A path goes through objects alone, but of a field with terms.
/// </summary>
internal static class JsonConditions
{
    public static string Compile<T>(NamedField<T> named, Condition condition, bool isNull, Compilation compilation)
    {
        var places = new List<IReadOnlyList<string>> { named.Path };
        foreach (var below in named.Field.AlsoBelow) places.Add([below, .. named.Path]);

        var op = condition.Operator;
        var positive = op switch
        {
            Operator.Ne => Operator.Eq,
            Operator.Nin => Operator.In,
            Operator.None => Operator.Any,
            _ => op,
        };
        var value = new PathValues(named.Name, condition.Values, condition.Kinds);
        var all = Enumerable.Range(0, value.Count);
        var anywhere = (named.Field.Terms, positive) switch
        {
            ({ } terms, Operator.Eq or Operator.In) => HasOne(terms, all, isListed: false),
            ({ } terms, Operator.Any) => HasOne(terms, all, isListed: true),
            // each somewhere, and all of them in one list
            ({ } terms, Operator.All) => $"{string.Join(" and ", all.Select(index => HasOne(terms, [index], isListed: true)))} and ({Exactly()})",
            _ => Exactly(),
        };
        var isNegative = op is Operator.Ne or Operator.Nin or Operator.None || (op is Operator.Null && isNull);
        return isNegative ? $"({anywhere}) is not true" : $"({anywhere})";

        string HasOne(string terms, IEnumerable<int> indexes, bool isListed)
        {
            var found = from path in places from index in indexes from candidate in value.Candidates(index) select Term(path, isListed, candidate);
            return $"{terms} && array(select document_term(@ClientId, given::jsonb) from unnest({compilation.Parameter(found.ToArray())}::text[]) given)";
        }

        string Exactly()
        {
            var found = places.Select(path => new Place(named.Field.Sql, path, compilation) { InLists = named.Field.InLists }.Holds(positive, value));
            if (named.Field.AlsoIn is { } more)
                found = found.Concat(places.Select(path => $"exists (select from jsonb_array_elements({more}) as one (value) where {new Place("one.value", path, compilation) { InLists = named.Field.InLists }.Holds(positive, value)})"));
            return string.Join(" or ", found);
        }
    }

    /// <summary>A place and its value, as <c>document_term</c> takes them.</summary>
    private static string Term(IReadOnlyList<string> path, bool isListed, JsonNode value)
    {
        var place = new JsonArray([.. path.Select(name => JsonValue.Create(name))]);
        if (isListed) place.Add((JsonNode?)null);
        place.Add(value);
        return place.ToJsonString(JsonSerializerOptions.Default);
    }

    /// <summary>The values of a condition, each with all that it may mean as JSON.</summary>
    private sealed class PathValues(string name, IReadOnlyList<string> texts, IReadOnlyList<ValueKind>? kinds)
    {
        public string Name => name;

        public int Count => texts.Count;

        public string Text(int index) => texts[index];

        /// <summary>As a number, when it may be one.</summary>
        public string? Number(int index) => Kind(index) is ValueKind.Any or ValueKind.Number ? Values.JsonNumber(texts[index]) : null;

        public bool MayBeText(int index) => Kind(index) is ValueKind.Any or ValueKind.Text;

        /// <summary>What the value may be at the end of a path.</summary>
        public IEnumerable<JsonNode> Candidates(int index)
        {
            var kind = Kind(index);
            if (kind is ValueKind.Any or ValueKind.Text) yield return JsonValue.Create(texts[index]);
            if (Number(index) is { } number) yield return JsonNode.Parse(number)!;
            if (kind is ValueKind.Any or ValueKind.Boolean && texts[index] is "true" or "false") yield return JsonValue.Create(texts[index] is "true");
        }

        private ValueKind Kind(int index) => kinds?[index] ?? ValueKind.Any;
    }

    /// <summary>One path, in SQL.</summary>
    private sealed class Place(string column, IReadOnlyList<string> path, Compilation compilation)
    {
        public string Holds(Operator op, PathValues values) => op switch
        {
            Operator.Null => $"coalesce({Json()}, 'null') <> 'null'", // there is something
            Operator.Eq => OneOf(values.Candidates(0), inArray: false),
            Operator.In => OneOf(Enumerable.Range(0, values.Count).SelectMany(values.Candidates), inArray: false),
            Operator.Any => OneOf(Enumerable.Range(0, values.Count).SelectMany(values.Candidates), inArray: true),
            Operator.All => $"({string.Join(" and ", Enumerable.Range(0, values.Count).Select(index => OneOf(values.Candidates(index), inArray: true)))})",
            Operator.Between => Between(values),
            Operator.Gt or Operator.Gte or Operator.Lt or Operator.Lte => Compare(op, values),
            Operator.Icontains => Like("ilike", op, values),
            _ => Like("like", op, values),
        };

        public bool InLists { get; init; }

        private string OneOf(IEnumerable<JsonNode> candidates, bool inArray)
        {
            List<string> documents = [.. candidates.SelectMany(candidate => Documents(inArray ? new JsonArray(candidate) : candidate)).Distinct(StringComparer.Ordinal)];
            if (documents.Count == 0) return "false"; // a number that no document can hold
            // few shapes of statements, so that they stay prepared: what is short of one repeats itself
            var shape = (int)BitOperations.RoundUpToPowerOf2((uint)documents.Count);
            while (documents.Count < shape) documents.Add(documents[^1]);
            return $"({string.Join(" or ", documents.Select(Contains))})";
        }

        /// <summary>Documents are kept as they came, since they name files: a letter with an accent is one character, or two.</summary>
        private string Contains(string document)
        {
            var given = $"{compilation.Parameter(document)}::jsonb";
            return document.Contains(@"\u", StringComparison.Ordinal) // all that is not ASCII is written so
                ? $"{column} @> {given} or {column} @> normalize({given}::text, NFC)::jsonb or {column} @> normalize({given}::text, NFD)::jsonb"
                : $"{column} @> {given}";
        }

        private string Compare(Operator op, PathValues values)
        {
            var symbol = op switch { Operator.Gt => ">", Operator.Gte => ">=", Operator.Lt => "<", _ => "<=" };
            if (values.Number(0) is { } number) return $"({Is("number")} and {Json()} {symbol} {compilation.Parameter(number)}::jsonb)";
            return values.MayBeText(0) ? $"({Is("string")} and {Text()} collate \"C\" {symbol} {compilation.Parameter(values.Text(0))})" : Unordered(values, 0);
        }

        private string Between(PathValues values)
        {
            if (values.Number(0) is { } low && values.Number(1) is { } high)
                return $"({Is("number")} and {Json()} between {compilation.Parameter(low)}::jsonb and {compilation.Parameter(high)}::jsonb)";
            for (var index = 0; index < 2; index++)
            {
                if (!values.MayBeText(index)) return Unordered(values, index);
            }

            return $"({Is("string")} and {Text()} collate \"C\" between {compilation.Parameter(values.Text(0))} and {compilation.Parameter(values.Text(1))})";
        }

        private string Unordered(PathValues values, int index) => compilation.Refuse(ListErrors.ValueNotReadable(values.Name, values.Text(index), "a number or a text that others can be compared with"));

        private string Like(string like, Operator op, PathValues values) => values.MayBeText(0)
            ? $"({Is("string")} and {Text()} {like} {compilation.Parameter(FilterCompiler.Pattern(op, values.Text(0)))})"
            : compilation.Refuse(ListErrors.ValueNotReadable(values.Name, values.Text(0), "a text"));

        private string Is(string type) => $"jsonb_typeof({Json()}) = '{type}'";

        private string Json() => column + string.Concat(path.Select(name => $" -> {compilation.Parameter(name)}"));

        private string Text() => $"({column}{string.Concat(path.SkipLast(1).Select(name => $" -> {compilation.Parameter(name)}"))} ->> {compilation.Parameter(path[^1])})";

        private IEnumerable<string> Documents(JsonNode value)
        {
            yield return Document(value.DeepClone(), listAt: null);
            if (InLists && path.Count > 1) yield return Document(value.DeepClone(), listAt: path.Count - 1);
        }

        /// <param name="listAt">Which name of the path stands in an object of a list.</param>
        private string Document(JsonNode value, int? listAt)
        {
            var document = value;
            for (var at = path.Count - 1; at >= 0; at--)
            {
                document = new JsonObject { [path[at]] = document };
                if (at == listAt) document = new JsonArray(document);
            }

            return document.ToJsonString(JsonSerializerOptions.Default);
        }
    }
}
