using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>A list as PostgreSQL gets it.</summary>
internal sealed record CompiledList(string PageSql, string? CountSql, DynamicParameters Parameters, IReadOnlyList<SortBy> Sort, Cursor? After);

/// <summary>
/// The one way from a caller's conditions to SQL: names come from an allow-list, text from constants, values are parameters.
/// Pure: it reads nothing but its arguments.
/// </summary>
internal static class ListCompiler
{
    public const int CountCap = 10_000;

    /// <summary>Compiles, or gives every reason why it can't.</summary>
    public static Result<CompiledList> Compile<T>(ListDefinition<T> list, ListRequest request, Guid clientId)
    {
        var errors = new List<Error>();
        var parameters = new DynamicParameters();
        parameters.Add("clientId", clientId);
        parameters.Add("limit", request.Limit + 1);

        var where = new List<string> { "r.client_id = @clientId" };
        if (list.Visible is not null && !request.IncludeDeleted) where.Add(list.Visible);
        if (request.Text is { } text)
        {
            if (list.Search is null) errors.Add(ListErrors.NoFullText);
            parameters.Add("text", text);
            where.Add(list.Search ?? "true");
        }

        foreach (var condition in request.Conditions)
        {
            if (list.Find(condition.Field) is not { } field)
                errors.Add(ListErrors.UnknownField(condition.Field, NearestName.Hint(condition.Field, list.FieldNames)));
            else
                where.Add(ConditionCompiler.Compile(field, condition, parameters, errors));
        }

        var sort = SortOf(list, request, errors);
        if (errors.Count > 0) return errors.ToArray();

        var filter = string.Join("\n    and ", where);
        var page = filter;
        Cursor? after = null;
        if (request.Cursor is { } opaque)
        {
            after = Cursor.Read(opaque, sort);
            if (after is null || !Keyset.TryCompile(list, sort, after, parameters, out var rest)) return ListErrors.BadCursor;
            page += "\n    and " + rest;
        }

        var order = string.Join(", ", sort.Select(key => $"{list.Find(key.Field)!.Sql} {(key.Descending ? "desc" : "asc")}{(list.Find(key.Field)!.Nullable ? " nulls last" : "")}"));
        var pageSql = $"""
            select {list.Columns}
            from {list.From}
            where {page}
            order by {order}, r.id {(sort[^1].Descending ? "desc" : "asc")}
            limit @limit
            """;
        return new CompiledList(pageSql, after is null ? CountSql(list.From, filter, request.Count) : null, parameters, sort, after);
    }

    private static string? CountSql(string from, string filter, CountMode mode) => mode switch
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
                limit {CountCap + 1}
            ) capped
            """,
    };

    private static IReadOnlyList<SortBy> SortOf<T>(ListDefinition<T> list, ListRequest request, List<Error> errors)
    {
        foreach (var key in request.Sort)
        {
            if (list.Find(key.Field)?.SortKey is null) errors.Add(ListErrors.UnknownSort(key.Field, NearestName.Hint(key.Field, list.SortNames)));
        }

        return request.Sort.Count > 0 ? request.Sort : [new SortBy(list.DefaultSort, Descending: true)];
    }
}
