using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>What a compilation gathers: parameters for the values, and every fault.</summary>
internal sealed class Compilation(DynamicParameters parameters, List<Error> errors)
{
    private int last;

    public List<Error> Errors => errors;

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

    private static string Leaf<T>(ListDefinition<T> list, Condition condition, Compilation compilation)
    {
        var name = condition.Field;
        if (name.Length > FilterLimits.NameLength) return compilation.Refuse(ListErrors.PathTooDeep(name));
        if (name.Contains('\0', StringComparison.Ordinal) || list.Resolve(name) is not { } field) return compilation.Refuse(ListErrors.UnknownField(name, list.Hint(name)));
        if (field.Path.Count > FilterLimits.PathDepth || field.Path.Contains("")) return compilation.Refuse(ListErrors.PathTooDeep(name));
        if (condition.Values.Count > FilterLimits.Values) return compilation.Refuse(ListErrors.TooManyValues(name, condition.Values.Count));
        if (condition.Values.Any(value => value.Length > FilterLimits.ValueLength)) return compilation.Refuse(ListErrors.ValueTooLong(name));

        return ConditionCompiler.Compile(field, condition, compilation);
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
}
