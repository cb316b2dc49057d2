using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Infrastructure.Query;
using Npgsql;

namespace MediaPlatform.Infrastructure.Tests.Query;

internal enum Mood { Bright, InBetween, Dark }

/// <summary>A row with a column of each type that lists know, most of them with and without a value.</summary>
internal sealed record Thing(
    Guid Id, string? Label, string Code, string Mood, Guid? Ref, long Size, double? Rating, bool? Flag, DateOnly? Day, DateTimeOffset? At, string[] Tags,
    string[]? Words, string Doc, string? Wear, DateTimeOffset CreatedAt)
{
    public const string Table = """
        create table things (
            client_id uuid not null, id uuid primary key, label text, code text not null, mood text not null, ref uuid, size bigint not null, rating double precision,
            flag boolean, day date, at timestamptz, tags text[] not null, words text[], doc jsonb not null, wear jsonb, created_at timestamptz not null)
        """;

    private const string Insert = """
        insert into things (client_id, id, label, code, mood, ref, size, rating, flag, day, at, tags, words, doc, wear, created_at)
        values (@client, @Id, @Label, @Code, @Mood, @Ref, @Size, @Rating, @Flag, @Day::date, @At, @Tags, @Words, @Doc::jsonb, @Wear::jsonb, @CreatedAt)
        """;

    public static readonly ListDefinition<Thing> List = new(
        "r.id, r.label, r.code, r.mood, r.ref, r.size, r.rating, r.flag, r.day, r.at, r.tags, r.words, r.doc, r.wear, r.created_at",
        "things r",
        [
            new("id", "r.id", FieldType.Uuid),
            new("label", "r.label", FieldType.Text, row => row.Label, Nullable: true),
            new("code", "r.code", FieldType.Code, row => row.Code),
            Fields.Enum<Thing, Mood>("mood", "r.mood"),
            new("ref", "r.ref", FieldType.Uuid, row => row.Ref, Nullable: true),
            new("size", "r.size", FieldType.Integer, row => row.Size),
            new("rating", "r.rating", FieldType.Number, row => row.Rating, Nullable: true),
            new("flag", "r.flag", FieldType.Boolean, row => row.Flag, Nullable: true),
            new("day", "r.day", FieldType.Date, row => row.Day, Nullable: true),
            new("at", "r.at", FieldType.Instant, row => row.At, Nullable: true),
            new("tags", "r.tags", FieldType.TextArray),
            new("words", "r.words", FieldType.TextArray, Nullable: true),
            Fields.Json<Thing>("doc", "r.doc"),
            Fields.Json<Thing>("wear", "r.wear", nullable: true, "main_outfit"),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
        ],
        row => row.Id);

    public Task InsertInto(NpgsqlConnection connection, Guid client) => connection.ExecuteAsync(Insert, new
    {
        client, Id, Label, Code, Mood, Ref, Size, Rating, Flag, Day = Day?.ToString("O", CultureInfo.InvariantCulture), At = At?.UtcDateTime, Tags, Words, Doc, Wear,
        CreatedAt = CreatedAt.UtcDateTime,
    });

    public static Task DeleteFrom(NpgsqlConnection connection, Guid id) => connection.ExecuteAsync("delete from things where id = @id", new { id });
}

/// <summary>Makes rows and filters by chance, many of whose values meet.</summary>
internal sealed class Chance(int seed)
{
    /// <summary>Some letter has two forms; wildcards, quotes and what looks like SQL are letters as well.</summary>
    private static readonly string[] Tokens =
        ["a", "A", "b", "é", "e\u0301", "É", "ß", "Ω", "ω", "Ж", "ж", "%", "_", "\\", "'", "\"", ";", "--", " ", ",", "日", "😀", "\n", "null", "$1", "@p0", "{", "}", "1", "true"];

    private static readonly string[] Keys = ["a", "b", "é", "'", "\"", "\\", "0", "%", "main_outfit", "c d"];

    private readonly Random random = new(seed);

    public bool OneIn(int n) => random.Next(n) == 0;

    public int Below(int n) => random.Next(n);

    public T Of<T>(IReadOnlyList<T> some) => some[random.Next(some.Count)];

    public string Word() => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Of(Tokens)));

    public Thing Thing() => new(
        Id(), OneIn(5) ? null : Composed(Word()), Word(), Names.Of(Of(Enum.GetValues<Mood>())), OneIn(3) ? null : Id(few: true), random.Next(-5, 5),
        OneIn(4) ? null : Rating(), OneIn(3) ? null : OneIn(2), OneIn(4) ? null : Day(), OneIn(4) ? null : At(), Tags(), OneIn(4) ? null : Tags(),
        Document(depth: 3).ToJsonString(), OneIn(4) ? null : Document(depth: 3).ToJsonString(), At());

    public Guid Id(bool few = false)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        if (few) bytes = [.. bytes.Select(_ => (byte)0).SkipLast(1), (byte)random.Next(4)];
        return new Guid(bytes);
    }

    public double Rating() => Of<double>([-1.5, 0, 0.1, 1, 1e20, 1e-7, 3.25]);

    public DateOnly Day() => new DateOnly(2026, 1, 1).AddDays(random.Next(5));

    public DateTimeOffset At() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(random.Next(3)).AddMicroseconds(random.Next(3));

    public string[] Tags() => [.. Enumerable.Range(0, random.Next(3)).Select(_ => Composed(Word()).Trim().ToLowerInvariant())];

    public static string Composed(string text) => text.Replace("e\u0301", "é", StringComparison.Ordinal);

    public JsonNode Document(int depth)
    {
        var document = new JsonObject();
        for (var keys = random.Next(4); keys > 0; keys--) document[Of(Keys)] = Value(depth - 1);
        return document;
    }

    private JsonNode? Value(int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => null,
        1 => JsonValue.Create(OneIn(2)),
        2 => JsonNode.Parse(Of<string>(["0", "1", "1.0", "-2.50", "1e2", "100", "7"])),
        3 or 4 => JsonValue.Create(Word()),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Value(0))]),
        _ => Document(depth),
    };

    /// <param name="rows">What values are mostly taken from.</param>
    /// <param name="depth">How deep groups may stand within each other.</param>
    public Filter Filter(IReadOnlyList<Thing> rows, int depth) => depth == 0 || OneIn(3)
        ? Condition(rows)
        : random.Next(3) switch
        {
            0 => new Filter.And([.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Filter(rows, depth - 1))]),
            1 => new Filter.Or([.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Filter(rows, depth - 1))]),
            _ => new Filter.Not(Filter(rows, depth - 1)),
        };

    public Condition Condition(IReadOnlyList<Thing> rows)
    {
        var field = Of(Query.Thing.List.Fields);
        var isPath = field.Type is FieldType.Json && !OneIn(10);
        var path = isPath ? [.. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Of(Keys))] : Array.Empty<string>();
        var name = string.Join('.', path.Prepend(field.Name));
        var op = Of(FilterCompiler.Takes(field.Type, isPath));
        var count = op switch
        {
            Operator.Between => 2,
            Operator.In or Operator.Nin or Operator.Any or Operator.All or Operator.None => 1 + random.Next(3),
            _ => 1,
        };
        if (op is Operator.Null) return new(name, op, [OneIn(2) ? "true" : "false"]);
        if (field.Type is not FieldType.Json) return new(name, op, [.. Enumerable.Range(0, count).Select(_ => Text(field, Of(rows), op))]);

        var values = Enumerable.Range(0, count).Select(_ => PathValue(op)).ToArray();
        return OneIn(3) && op is not (Operator.Contains or Operator.Icontains or Operator.StartsWith or Operator.EndsWith)
            ? new(name, op, values) { Kinds = [.. Enumerable.Repeat(values.All(value => Values.JsonNumber(value) is not null) && OneIn(2) ? ValueKind.Number : ValueKind.Text, count)] }
            : new(name, op, values);
    }

    private string PathValue(Operator op) => op is Operator.Eq or Operator.Ne or Operator.In or Operator.Nin or Operator.Any or Operator.All or Operator.None && OneIn(6)
        ? Of<string>(["true", "false"])
        : OneIn(2) ? Of<string>(["0", "1", "1.00", "-2.5", "100", "7", "1e2"]) : Word();

    private string Text(Field<Thing> field, Thing row, Operator op) => field.Type switch
    {
        FieldType.Uuid => OneIn(2) ? row.Id.ToString() : (row.Ref ?? Id(few: true)).ToString(),
        FieldType.Integer => random.Next(-6, 6).ToString(CultureInfo.InvariantCulture),
        FieldType.Number => Rating().ToString("R", CultureInfo.InvariantCulture),
        FieldType.Boolean => OneIn(2) ? "true" : "false",
        FieldType.Date => Day().ToString("O", CultureInfo.InvariantCulture),
        FieldType.Instant => At().ToString("O", CultureInfo.InvariantCulture),
        FieldType.Enum => Of(field.Names!),
        FieldType.TextArray => row.Tags.Length > 0 && !OneIn(3) ? Of(row.Tags) : Word(),
        _ => OneIn(2) ? (field.Type is FieldType.Text ? row.Label ?? "" : row.Code) : Word(),
    };
}

/// <summary>What a filter means, said once more without SQL.</summary>
internal static class Meaning
{
    public static bool Fits(Filter filter, Thing row) => filter switch
    {
        Filter.And and => and.Of.All(part => Fits(part, row)),
        Filter.Or or => or.Of.Any(part => Fits(part, row)),
        Filter.Not not => !Fits(not.Of, row),
        Condition condition => Fits(condition, row),
        _ => throw new InvalidOperationException(),
    };

    private static bool Fits(Condition c, Thing row)
    {
        var named = Thing.List.Resolve(c.Field)!;
        if (named.Field.Type is FieldType.Json) return FitsPath(c, named, row);

        return named.Field.Name switch
        {
            "id" => Scalar<Guid>(c, row.Id, Guid.Parse, Comparer<Guid>.Default),
            "ref" => Scalar<Guid>(c, row.Ref, Guid.Parse, Comparer<Guid>.Default),
            "label" => Texts(c, row.Label, Chance.Composed),
            "code" => Texts(c, row.Code, text => text),
            "mood" => Texts(c, row.Mood, text => text),
            "size" => Scalar<long>(c, row.Size, text => long.Parse(text, CultureInfo.InvariantCulture), Comparer<long>.Default),
            "rating" => Scalar<double>(c, row.Rating, text => double.Parse(text, CultureInfo.InvariantCulture), Comparer<double>.Default),
            "flag" => Scalar<bool>(c, row.Flag, bool.Parse, Comparer<bool>.Default),
            "day" => Scalar<DateOnly>(c, row.Day, text => DateOnly.Parse(text, CultureInfo.InvariantCulture), Comparer<DateOnly>.Default),
            "at" => Scalar<DateTimeOffset>(c, row.At, text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture), Comparer<DateTimeOffset>.Default),
            "created_at" => Scalar<DateTimeOffset>(c, row.CreatedAt, text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture), Comparer<DateTimeOffset>.Default),
            "tags" => Array(c, row.Tags),
            "words" => Array(c, row.Words),
            _ => throw new InvalidOperationException(c.Field),
        };
    }

    private static bool Scalar<T>(Condition c, T? value, Func<string, T> read, IComparer<T> comparer)
        where T : struct => Compare(c, value, value.HasValue, v => v!.Value, read, comparer);

    private static bool Texts(Condition c, string? value, Func<string, string> read)
    {
        if (c.Operator is Operator.Contains or Operator.Icontains or Operator.StartsWith or Operator.EndsWith) return value is not null && Matches(c.Operator, value, read(c.Values[0]));
        return Compare(c, value, value is not null, v => v!, read, Comparer<string>.Create(CodePoints));
    }

    private static bool Matches(Operator op, string value, string part) => op switch
    {
        Operator.Contains => value.Contains(part, StringComparison.Ordinal),
        Operator.StartsWith => value.StartsWith(part, StringComparison.Ordinal),
        Operator.EndsWith => value.EndsWith(part, StringComparison.Ordinal),
        _ => value.ToLowerInvariant().Contains(part.ToLowerInvariant(), StringComparison.Ordinal),
    };

    /// <summary>As UTF-8 compares, byte by byte.</summary>
    public static int CodePoints(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));

    private static bool Compare<TValue, T>(Condition c, TValue value, bool has, Func<TValue, T> get, Func<string, T> read, IComparer<T> comparer)
    {
        if (c.Operator is Operator.Null) return has != (c.Values[0] is "true");
        if (!has) return c.Operator is Operator.Ne or Operator.Nin;
        var own = get(value);
        var order = c.Values.Select(text => comparer.Compare(own, read(text))).ToArray();
        return c.Operator switch
        {
            Operator.Eq => order[0] == 0,
            Operator.Ne => order[0] != 0,
            Operator.Gt => order[0] > 0,
            Operator.Gte => order[0] >= 0,
            Operator.Lt => order[0] < 0,
            Operator.Lte => order[0] <= 0,
            Operator.Between => order[0] >= 0 && order[1] <= 0,
            Operator.In => order.Contains(0),
            Operator.Nin => !order.Contains(0),
            _ => throw new InvalidOperationException($"{c.Operator}"),
        };
    }

    private static bool Array(Condition c, string[]? value)
    {
        if (c.Operator is Operator.Null) return value is null == (c.Values[0] is "true");
        var asked = c.Values.Select(text => Chance.Composed(text.Trim().ToLowerInvariant())).ToArray();
        return c.Operator switch
        {
            Operator.Any => value is not null && asked.Any(value.Contains),
            Operator.None => value is null || !asked.Any(value.Contains),
            _ => value is not null && asked.All(value.Contains),
        };
    }

    private static bool FitsPath(Condition c, NamedField<Thing> named, Thing row)
    {
        var column = named.Field.Name == "doc" ? row.Doc : row.Wear;
        if (named.Path.Count == 0) return column is null == (c.Values[0] is "true");

        var document = column is null ? null : JsonNode.Parse(column);
        var places = new[] { named.Path }.Concat(named.Field.AlsoBelow.Select(below => (IReadOnlyList<string>)[below, .. named.Path])).Select(path => At(document, path)).ToArray();
        return c.Operator switch
        {
            Operator.Null => places.All(place => place is null) == (c.Values[0] is "true"),
            Operator.Ne => !places.Any(place => Same(place, c, 0)),
            Operator.Nin => !places.Any(place => Enumerable.Range(0, c.Values.Count).Any(at => Same(place, c, at))),
            Operator.None => !places.Any(place => Enumerable.Range(0, c.Values.Count).Any(at => Holds(place, c, at))),
            Operator.Eq => places.Any(place => Same(place, c, 0)),
            Operator.In => places.Any(place => Enumerable.Range(0, c.Values.Count).Any(at => Same(place, c, at))),
            Operator.Any => places.Any(place => Enumerable.Range(0, c.Values.Count).Any(at => Holds(place, c, at))),
            Operator.All => places.Any(place => Enumerable.Range(0, c.Values.Count).All(at => Holds(place, c, at))),
            Operator.Contains or Operator.Icontains or Operator.StartsWith or Operator.EndsWith => places.Any(place => TextOf(place) is { } text && Matches(c.Operator, text, c.Values[0])),
            _ => places.Any(place => Ordered(place, c)),
        };
    }

    private static JsonNode? At(JsonNode? node, IReadOnlyList<string> path)
    {
        foreach (var name in path) node = node is JsonObject o && o.TryGetPropertyValue(name, out var next) ? next : null;
        return node;
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue && node.GetValueKind() is System.Text.Json.JsonValueKind.String ? node.GetValue<string>() : null;

    private static decimal? NumberOf(JsonNode? node) => node is JsonValue && node.GetValueKind() is System.Text.Json.JsonValueKind.Number ? Number(node.ToJsonString()) : null;

    private static decimal? Number(string text) => Values.JsonNumber(text) is null ? null : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool Same(JsonNode? node, Condition c, int at)
    {
        if (node is not JsonValue) return false;
        var (text, kind) = (c.Values[at], c.Kinds?[at] ?? ValueKind.Any);
        return node.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => kind is ValueKind.Any or ValueKind.Text && Chance.Composed(TextOf(node)!) == Chance.Composed(text),
            System.Text.Json.JsonValueKind.Number => kind is ValueKind.Any or ValueKind.Number && NumberOf(node) == Number(text),
            System.Text.Json.JsonValueKind.True => kind is ValueKind.Any or ValueKind.Boolean && text == "true",
            System.Text.Json.JsonValueKind.False => kind is ValueKind.Any or ValueKind.Boolean && text == "false",
            _ => false,
        };
    }

    private static bool Holds(JsonNode? node, Condition c, int at) => node is JsonArray array && array.Any(item => Same(item, c, at));

    private static bool Ordered(JsonNode? node, Condition c)
    {
        var numbers = c.Values.Select((text, at) => (c.Kinds?[at] ?? ValueKind.Any) is ValueKind.Any or ValueKind.Number ? Number(text) : null).ToArray();
        int[] order;
        if (numbers.All(number => number is not null))
        {
            if (NumberOf(node) is not { } own) return false;
            order = [.. numbers.Select(number => own.CompareTo(number!.Value))];
        }
        else
        {
            if (TextOf(node) is not { } own) return false;
            order = [.. c.Values.Select(text => CodePoints(own, text))];
        }

        return c.Operator switch
        {
            Operator.Gt => order[0] > 0,
            Operator.Gte => order[0] >= 0,
            Operator.Lt => order[0] < 0,
            Operator.Lte => order[0] <= 0,
            _ => order[0] >= 0 && order[1] <= 0,
        };
    }
}
