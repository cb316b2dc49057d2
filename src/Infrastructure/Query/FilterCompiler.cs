using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>What a compilation gathers: parameters for the values, and every fault.</summary>
internal sealed class Compilation(DynamicParameters parameters, List<Error> errors)
{
    private int last;

    public List<Error> Errors => errors;

    public DynamicParameters Parameters => parameters;

    /// <summary>A value that constants name.</summary>
    public void Add(string name, object value) => parameters.Add(name, value);

    /// <summary>The name by which SQL names a value.</summary>
    public string Parameter(object? value)
    {
        var name = $"p{last++}";
        parameters.Add(name, value);
        return "@" + name;
    }

    /// <summary>What SQL says in the place of a condition that cannot be; the statement is not run.</summary>
    public string Refuse(Error error)
    {
        errors.Add(error);
        return "false";
    }
}

/// <summary>A filter to SQL that is true of the rows that fit, and false or null of all others.</summary>
internal static class FilterCompiler
{
    private static readonly Operator[] Sets = [Operator.Eq, Operator.Ne, Operator.In, Operator.Nin, Operator.Null];
    private static readonly Operator[] Ordered = [.. Sets, Operator.Gt, Operator.Gte, Operator.Lt, Operator.Lte, Operator.Between];
    private static readonly Operator[] Texts = [.. Ordered, Operator.Contains, Operator.Icontains, Operator.StartsWith, Operator.EndsWith];
    private static readonly Operator[] Arrays = [Operator.Any, Operator.All, Operator.None, Operator.Contains, Operator.Null];
    private static readonly Operator[] Relations = [Operator.Eq, Operator.Ne, Operator.In, Operator.Nin];
    private static readonly Operator[] Paths = [.. Texts, Operator.Any, Operator.All, Operator.None];

    /// <summary>The operators of a field of a type; of Json, those of a path below it.</summary>
    public static IReadOnlyList<Operator> Takes(FieldType type, bool isPath = true) => type switch
    {
        FieldType.Text or FieldType.Code => Texts,
        FieldType.Enum or FieldType.Uuid or FieldType.Sha256 or FieldType.Boolean => Sets,
        FieldType.Integer or FieldType.Number or FieldType.Instant or FieldType.Date => Ordered,
        FieldType.TextArray => Arrays,
        FieldType.Related => Relations,
        FieldType.Json => isPath ? Paths : [Operator.Null],
        _ => throw new InvalidOperationException($"{type} takes no operators."),
    };

    /// <summary>The conditions of a request, all of which must hold.</summary>
    public static IEnumerable<string> Compile<T>(ListDefinition<T> list, ListRequest request, Compilation compilation)
    {
        var count = request.Conditions.Count + (request.Where is { } tree ? ConditionsOf(tree) : 0);
        if (count > FilterLimits.Conditions)
        {
            compilation.Errors.Add(ListErrors.TooManyConditions(count));
            return [];
        }

        if (request.Where is not null && DepthOf(request.Where) > FilterLimits.Depth)
        {
            compilation.Errors.Add(ListErrors.TooDeep());
            return [];
        }

        var conditions = request.Conditions.Select(condition => Leaf(list, condition, compilation));
        return [.. conditions, .. request.Where is null ? [] : new[] { $"({Node(list, request.Where, compilation)})" }];
    }

    /// <summary>Whether an index of what is contained finds the rows: how many those are, only the values tell, and of documents not even they.</summary>
    public static bool IsLookedUp<T>(ListDefinition<T> list, ListRequest request) =>
        list.Joined.Count == 0 && !list.From.Contains(" join ", StringComparison.Ordinal)
        && (request.Text is not null || request.Conditions.Any(condition => IsLookedUp(list, condition)) || (request.Where is { } where && IsLookedUp(list, where)));

    private static bool IsLookedUp<T>(ListDefinition<T> list, Filter filter) => filter switch
    {
        Condition { Operator: var op } condition => list.Resolve(condition.Field, op) is { Field: { IsIndexed: true } field } && field.Type switch
        {
            FieldType.Json => op is Operator.Eq or Operator.In or Operator.Any or Operator.All,
            FieldType.TextArray => op is Operator.Any or Operator.All or Operator.Contains,
            FieldType.Related => op is Operator.Eq or Operator.In,
            _ => false,
        },
        Filter.And and => and.Of.Any(part => IsLookedUp(list, part)),
        Filter.Or or => or.Of.Count > 0 && or.Of.All(part => IsLookedUp(list, part)),
        _ => false,
    };

    private static string Node<T>(ListDefinition<T> list, Filter filter, Compilation compilation) => filter switch
    {
        Condition condition => Leaf(list, condition, compilation),
        Filter.And and => Group(and.Of.Select(part => Node(list, part, compilation)), " and ", whenEmpty: "true"),
        Filter.Or or => Group(or.Of.Select(part => Node(list, part, compilation)), " or ", whenEmpty: "false"),
        Filter.Not not => $"({Node(list, not.Of, compilation)}) is not true",
        _ => throw new InvalidOperationException($"{filter.GetType().Name} is no filter."),
    };

    private static string Group(IEnumerable<string> parts, string joint, string whenEmpty)
    {
        var sql = string.Join(joint, parts.Select(part => $"({part})"));
        return sql.Length > 0 ? sql : whenEmpty;
    }

    /// <summary>One condition; <c>false</c>, and an error added, when it can't be.</summary>
    private static string Leaf<T>(ListDefinition<T> list, Condition condition, Compilation compilation)
    {
        var name = condition.Field;
        if (name.Length > FilterLimits.NameLength) return compilation.Refuse(ListErrors.PathTooDeep(name));
        if (name.Contains('\0', StringComparison.Ordinal) || list.Resolve(name, condition.Operator) is not { } named) return compilation.Refuse(ListErrors.UnknownField(name, list.Hint(name)));
        if (named.Path.Count > FilterLimits.PathDepth || named.Path.Contains("")) return compilation.Refuse(ListErrors.PathTooDeep(name));
        if (condition.Values.Count > FilterLimits.Values) return compilation.Refuse(ListErrors.TooManyValues(name, condition.Values.Count));
        if (condition.Values.Any(value => value.Length > FilterLimits.ValueLength)) return compilation.Refuse(ListErrors.ValueTooLong(name));

        var field = named.Field;
        var taken = Takes(field.Type, named.Path.Count > 0);
        if (!taken.Contains(condition.Operator))
            return compilation.Refuse(ListErrors.OperatorNotTaken(named.Name, Names.Of(condition.Operator), string.Join(", ", taken.Select(op => Names.Of(op)))));

        var isNull = false;
        if (condition.Operator is Operator.Null && (condition.Values.Count != 1 || !bool.TryParse(condition.Values[0], out isNull)))
            return compilation.Refuse(ListErrors.ValueNotReadable(named.Name, string.Join(',', condition.Values), "true or false"));

        if (CountOf(condition.Operator) is { } expected && condition.Values.Count != expected)
            return compilation.Refuse(ListErrors.ValueNotReadable(named.Name, string.Join(',', condition.Values), expected == 1 ? "one value" : "two values, the lower first"));
        if (condition.Values.Count == 0)
            return compilation.Refuse(ListErrors.ValueNotReadable(named.Name, "", "a list of at least one value"));

        if (named.Path.Count > 0) return JsonConditions.Compile(named, condition, isNull, compilation);
        if (condition.Operator is Operator.Null) return $"{field.Sql} is {(isNull ? "" : "not ")}null";
        if (field.Type is FieldType.Related) return Relate(field, condition, compilation);
        return Values.Read(field, condition.Values, compilation.Errors, condition.Kinds) is { } values ? Compare(field, condition.Operator, values, compilation) : "false";
    }

    private static string Relate<T>(Field<T> field, Condition condition, Compilation compilation)
    {
        var related = field.Sql.Replace("{0}", $"{compilation.Parameter(condition.Values.ToArray())}::text[]", StringComparison.Ordinal);
        return condition.Operator is Operator.Ne or Operator.Nin ? $"({related}) is not true" : $"({related})";
    }

    private static int ConditionsOf(Filter filter) => filter switch
    {
        Filter.And and => and.Of.Sum(ConditionsOf),
        Filter.Or or => or.Of.Sum(ConditionsOf),
        Filter.Not not => ConditionsOf(not.Of),
        _ => 1,
    };

    private static int DepthOf(Filter filter) => filter switch
    {
        Filter.And and => 1 + and.Of.Select(DepthOf).DefaultIfEmpty().Max(),
        Filter.Or or => 1 + or.Of.Select(DepthOf).DefaultIfEmpty().Max(),
        Filter.Not not => 1 + DepthOf(not.Of),
        _ => 0,
    };

    /// <summary>A pattern of <c>like</c> that finds a text as it stands.</summary>
    public static string Pattern(Operator op, string text)
    {
        var literal = text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
        return op switch
        {
            Operator.Contains or Operator.Icontains => $"%{literal}%",
            Operator.StartsWith => $"{literal}%",
            Operator.EndsWith => $"%{literal}",
            _ => throw new InvalidOperationException($"{op} has no pattern."),
        };
    }

    private static int? CountOf(Operator op) => op switch
    {
        Operator.Between => 2,
        Operator.In or Operator.Nin or Operator.Any or Operator.All or Operator.None => null,
        _ => 1,
    };

    private static string Compare<T>(Field<T> field, Operator op, Array values, Compilation compilation)
    {
        var sql = field.Sql;
        return op switch
        {
            Operator.Eq => $"{sql} = {Value(0)}",
            Operator.Ne => field.Nullable ? $"{sql} is distinct from {Value(0)}" : $"{sql} <> {Value(0)}",
            Operator.Gt => $"{sql} > {Value(0)}",
            Operator.Gte => $"{sql} >= {Value(0)}",
            Operator.Lt => $"{sql} < {Value(0)}",
            Operator.Lte => $"{sql} <= {Value(0)}",
            Operator.Between => $"{sql} between {Value(0)} and {Value(1)}",
            Operator.In => $"{sql} = any({List()})",
            Operator.Nin => field.Nullable ? $"({sql} = any({List()})) is not true" : $"{sql} <> all({List()})",
            Operator.Contains when field.Type is FieldType.TextArray => $"{sql} @> {List()}",
            Operator.Contains or Operator.StartsWith or Operator.EndsWith => $"{sql} like {Composed(compilation.Parameter(Pattern(op, (string)values.GetValue(0)!)))}",
            Operator.Icontains => $"{sql} ilike {Composed(compilation.Parameter(Pattern(op, (string)values.GetValue(0)!)))}",
            Operator.Any => $"{sql} && {List()}",
            Operator.All => $"{sql} @> {List()}",
            Operator.None => $"({sql} && {List()}) is not true",
            _ => throw new InvalidOperationException($"{op} is taken and not compiled."),
        };

        string Value(int index) => Composed(compilation.Parameter(values.GetValue(index)));

        // text is compared as it is stored, composed (NFC)
        string Composed(string parameter) => field.Type is FieldType.Text ? $"normalize({parameter})" : parameter;

        string List() => field.Type is FieldType.Text or FieldType.TextArray
            ? $"array(select normalize(given) from unnest({compilation.Parameter(values)}) given)"
            : compilation.Parameter(values);
    }
}
