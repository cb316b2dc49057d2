using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>A list as PostgreSQL gets it.</summary>
/// <param name="NearSql">The page, if enough of the first rows of the sort fit; null where they are not looked at beforehand.</param>
/// <param name="PageSql">The page.</param>
/// <param name="NullsSql">What follows when that is not full: the rows that lack the first key of the sort.</param>
internal sealed record CompiledList(string? NearSql, string PageSql, string? NullsSql, string? CountSql, DynamicParameters Parameters, IReadOnlyList<SortBy> Sort, Cursor? After);

/// <summary>
/// The one way from a caller's conditions to SQL: names come from an allow-list, text from constants, values are parameters.
/// Pure: it reads nothing but its arguments.
/// </summary>
internal static class ListCompiler
{
    public const int CountCap = 10_000;

    /// <summary>What fewer than one in so many rows of the sort fit is looked up; of what is more frequent those rows give a page.</summary>
    private const int Rare = 100;

    /// <summary>Compiles, or gives every reason why it can't.</summary>
    /// <param name="countCap">Where counting stops, of what is counted with a cap.</param>
    public static Result<CompiledList> Compile<T>(ListDefinition<T> list, ListRequest request, Guid clientId, int countCap = CountCap)
    {
        var errors = new List<Error>();
        var parameters = new DynamicParameters();
        parameters.Add("clientId", clientId);
        parameters.Add("limit", request.Limit + 1);
        foreach (var (name, id) in list.Joined) parameters.Add(name, id);

        var seen = "r.client_id = @clientId" + (list.Visible is not null && !request.IncludeDeleted ? $"\n    and {list.Visible}" : "");
        var where = new List<string>();
        if (request.Text is { } text)
        {
            if (list.Search is null) errors.Add(ListErrors.NoFullText);
            if (text.Length > FilterLimits.ValueLength) errors.Add(ListErrors.ValueTooLong("q"));
            parameters.Add("text", text);
            where.Add(list.Search ?? "true");
        }

        string[] conditions = [.. FilterCompiler.Compile(list, request, new Compilation(parameters, errors))];
        where.AddRange(conditions);
        var sort = SortOf(list, request, errors);
        if (errors.Count > 0) return errors.ToArray();

        var filter = string.Join("\n    and ", where.Prepend(seen));
        Cursor? after = null;
        var rest = "";
        if (request.Cursor is { } opaque)
        {
            after = Cursor.Read(opaque, sort, request);
            if (after is null || !Keyset.TryCompile(list, sort, after, parameters, out rest)) return ListErrors.BadCursor;
            rest = "\n    and " + rest;
        }

        // An index holds nulls at one end, and a list has them last in either direction: they are a range of their own, so that one index serves both.
        var first = list.Find(sort[0].Field)!;
        var isInNulls = after is { Keys: [null, ..] };
        var nulls = $"\n    and {first.Sql} is null";
        var isLookedUp = FilterCompiler.IsLookedUp(list, request);
        if (isLookedUp) parameters.Add("near", request.Limit * Rare);

        // Of what has few values an index finds a great part of all rows, and a plan that is made without the values takes that for a gain: they are looked at in the rows that were found.
        string[] few = isLookedUp ? [.. request.Conditions.Zip(conditions).Where(pair => list.Resolve(pair.First.Field, pair.First.Operator) is { Field.Type: FieldType.Enum or FieldType.Boolean }).Select(pair => pair.Second)] : [];
        var found = $"(select r.* from {list.From} where {string.Join("\n    and ", where.Except(few, StringComparer.Ordinal).Prepend(seen))}";
        var left = few.Length == 0 ? "true" : string.Join("\n    and ", few);
        var (range, order) = isInNulls ? (nulls + rest, OrderOfNulls(list, sort)) : (first.Nullable ? $"\n    and {first.Sql} is not null{rest}" : rest, OrderOf(list, sort, isSplit: first.Nullable));
        var nearSql = isLookedUp ? PageOf($"(select r.* from {list.From} where {seen}{range} order by {order} limit @near) r", string.Join("\n    and ", where), order) : null;
        var nullsSql = first.Nullable && !isInNulls ? Page(nulls, OrderOfNulls(list, sort)) : null;
        return new CompiledList(nearSql, Page(range, order), nullsSql, after is not null ? null : isLookedUp ? CountSql($"{found} offset 0) r", left, request.Count, countCap) : CountSql(list.From, filter, request.Count, countCap), parameters, sort, after);

        // "offset 0" keeps what is looked up from being waited for along the order, which for what is rare is all of the rows
        string Page(string range, string order) => isLookedUp
            ? PageOf($"{found}{range} offset 0) r", left, order)
            : PageOf(list.From, filter + range, order);

        string PageOf(string from, string filter, string order) => $"""
            select {list.Columns}
            from {from}
            where {filter}
            order by {order}
            limit @limit
            """;
    }

    /// <summary>Where all rows lack the first key, the second leads, and its index; a key that is alone still names its own.</summary>
    private static string OrderOfNulls<T>(ListDefinition<T> list, IReadOnlyList<SortBy> sort) => sort.Count == 1 ? OrderOf(list, sort, isSplit: true) : OrderOf(list, [.. sort.Skip(1)], isSplit: false);

    /// <param name="isSplit">The range has either no nulls of the first key or nothing else, so that they may be said to stand where the index has them.</param>
    private static string OrderOf<T>(ListDefinition<T> list, IReadOnlyList<SortBy> sort, bool isSplit)
    {
        var keys = sort.Select((key, index) =>
        {
            var field = list.Find(key.Field)!;
            var nulls = !field.Nullable ? "" : isSplit && index == 0 && !key.Descending ? " nulls first" : " nulls last";
            return $"{field.Sql} {(key.Descending ? "desc" : "asc")}{nulls}";
        });
        return $"{string.Join(", ", keys)}, {IdBeside(list, sort[0])} {(sort[^1].Descending ? "desc" : "asc")}";
    }

    /// <summary>The last key, as the index of the one that leads has it.</summary>
    public static string IdBeside<T>(ListDefinition<T> list, SortBy leading) => list.Find(leading.Field)!.RecordId ?? "r.id";

    private static string? CountSql(string from, string filter, CountMode mode, int cap) => mode switch
    {
        CountMode.None => null,
        CountMode.Exact => $"""
            select count(*)::int
            from {from}
            where {filter}
            """,
        _ => $"""
            select count(*)::int
            from (
                select 1
                from {from}
                where {filter}
                limit {cap + 1}
            ) capped
            """,
    };

    private static IReadOnlyList<SortBy> SortOf<T>(ListDefinition<T> list, ListRequest request, List<Error> errors)
    {
        if (request.Sort.Count > FilterLimits.SortKeys) errors.Add(ListErrors.TooManySortKeys(request.Sort.Count));
        foreach (var key in request.Sort)
        {
            if (list.Find(key.Field)?.SortKey is null) errors.Add(ListErrors.UnknownSort(key.Field, PromotedFields.Hint(list, key.Field) ?? NearestName.Hint(key.Field, list.SortNames)));
        }

        return request.Sort.Count > 0 ? request.Sort : [new SortBy(list.DefaultSort, Descending: true)];
    }
}

/// <summary>"After this row", as SQL that an index answers from its middle.</summary>
internal static class Keyset
{
    private sealed record Key(string Sql, string? Parameter, bool Descending, bool Nullable);

    /// <summary>The rows after one, as far as they have its first key or, when that is null, are null there too: nulls come last, as a range of their own.</summary>
    /// <returns>False when a key of the cursor is not of its field's type.</returns>
    public static bool TryCompile<T>(ListDefinition<T> list, IReadOnlyList<SortBy> sort, Cursor after, DynamicParameters parameters, out string sql)
    {
        sql = "";
        parameters.Add("kid", after.Id);
        var keys = new List<Key>();
        foreach (var (key, index) in sort.Select((key, index) => (key, index)))
        {
            var field = list.Find(key.Field)!;
            string? parameter = null;
            if (after.Keys[index] is { } text)
            {
                if (Values.Read(field, [text], []) is not { } values) return false;
                parameters.Add(parameter = $"k{index}", values.GetValue(0));
            }
            else if (!field.Nullable)
            {
                return false;
            }

            if (index > 0 || parameter is not null) keys.Add(new(field.Sql, parameter is null ? null : "@" + parameter, key.Descending, field.Nullable && index > 0));
        }

        keys.Add(new(ListCompiler.IdBeside(list, after.Keys[0] is null && sort.Count > 1 ? sort[1] : sort[0]), "@kid", sort[^1].Descending, Nullable: false));
        sql = Compile(keys);
        return true;
    }

    private static string Compile(List<Key> keys)
    {
        // One direction and no nulls: a row comparison.
        if (keys.TrueForAll(key => !key.Nullable && key.Descending == keys[0].Descending))
            return $"({string.Join(", ", keys.Select(key => key.Sql))}) {(keys[0].Descending ? "<" : ">")} ({string.Join(", ", keys.Select(key => key.Parameter))})";

        // Else any of several, within what the first key says of all of them: there an index begins. It is said once, since the planner
        // takes two conditions for independent, expects next to no rows, and reads and sorts all that are left.
        var first = keys[0];
        return first.Nullable
            ? $"({AnyOf(keys)})"
            : $"{first.Sql} {(first.Descending ? "<=" : ">=")} {first.Parameter} and ({first.Sql} <> {first.Parameter} or {AnyOf([.. keys.Skip(1)])})";
    }

    private static string AnyOf(List<Key> keys) =>
        string.Join(" or ", keys.Select((key, index) => $"({string.Join(" and ", keys.Take(index).Select(Same).Append(Later(key)))})"));

    private static string Same(Key key) => key.Parameter is null ? $"{key.Sql} is null" : $"{key.Sql} = {key.Parameter}";

    private static string Later(Key key)
    {
        if (key.Parameter is null) return "false"; // nulls come last
        var later = $"{key.Sql} {(key.Descending ? "<" : ">")} {key.Parameter}";
        return key.Nullable ? $"({later} or {key.Sql} is null)" : later;
    }
}
