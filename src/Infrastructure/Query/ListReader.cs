using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>Runs a list: compiles it, reads one row more than a page, counts on the first page alone.</summary>
internal static class ListReader
{
    /// <summary>One row as the list has it.</summary>
    public static async Task<Result<T>> One<T>(this DbSession db, ListDefinition<T> list, Guid id, Error notFound, CancellationToken cancellationToken)
        where T : class => await db.Find<T>(list.SelectOne, new { db.ClientId, Id = id }, cancellationToken) is { } row ? row : notFound;

    public static Task<Result<Page<T>>> Page<T>(this DbSession db, ListDefinition<T> list, ListRequest request, CancellationToken cancellationToken) =>
        db.Page(list, request, db.Caller.Role, cancellationToken);

    /// <summary>Does what comes before each reading of the list.</summary>
    public static async ValueTask Prepare<T>(this DbSession db, ListDefinition<T> list, CancellationToken cancellationToken)
    {
        if (list.Before is { } before) await db.Execute(before, new { db.ClientId }, cancellationToken);
    }

    /// <param name="role">Of whoever gets to see the page.</param>
    public static async Task<Result<Page<T>>> Page<T>(this DbSession db, ListDefinition<T> list, ListRequest request, Role role, CancellationToken cancellationToken)
    {
        if (request.IncludeDeleted && role < Role.Admin) return ListErrors.TrashIsForAdmins;

        var own = list;
        list = await db.WithPromoted(own, request, cancellationToken);
        var compiled = ListCompiler.Compile(list, request, db.ClientId);
        if (!compiled.Succeeded) return compiled.As<Page<T>>();

        await db.Prepare(list, cancellationToken);
        var (nearSql, pageSql, nullsSql, countSql, parameters, sort, after) = compiled.Value;
        var rows = nearSql is null ? [] : await db.List<T>(nearSql, parameters, cancellationToken);
        if (rows.Count <= request.Limit) rows = await db.List<T>(pageSql, parameters, cancellationToken);
        if (nullsSql is not null && rows.Count <= request.Limit)
            rows = [.. rows, .. (await db.List<T>(nullsSql, parameters, cancellationToken)).Take(request.Limit + 1 - rows.Count)];

        // what is promoted no longer loses its values, perhaps while they were read
        if (list.Joined.Count > 0 && (await db.WithPromoted(own, request, cancellationToken)).Joined.Count < list.Joined.Count)
            return await db.Page(own, request, role, cancellationToken);

        var (total, isCapped) = (after?.Total, after?.TotalIsCapped ?? false);
        if (countSql is not null)
        {
            // a page that is not full counts itself
            var counted = rows.Count <= request.Limit ? rows.Count : await db.Single<int>(countSql, parameters, cancellationToken);
            isCapped = request.Count is CountMode.Capped && counted > ListCompiler.CountCap;
            total = isCapped ? ListCompiler.CountCap : counted;
        }

        if (rows.Count <= request.Limit) return new Page<T>(rows, request.Limit, NextCursor: null, total, isCapped);

        var items = rows.Take(request.Limit).ToList();
        return new Page<T>(items, request.Limit, Cursor.After(list, sort, items[^1], total, isCapped, request).Write(), total, isCapped);
    }
}
