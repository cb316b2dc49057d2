using System.Reflection;
using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests;

/// <summary>What a list looks up in documents, arrays and words has an index of the client's, and the statement says what an index of some rows alone asks for.</summary>
internal sealed class LookingUpByIndexTests : DatabaseFixture
{
    private ILookup<string, Index> indexes = null!;

    [OneTimeSetUp]
    public async Task ReadIndexes() => indexes = (await Connection.QueryAsync<Index>("""
        select indrelid::regclass::text as "table", regexp_replace(pg_get_indexdef(indexrelid), '^.* USING gin \((client_id, )?', '') as columns, coalesce(pg_get_expr(indpred, indrelid), '') as predicate
        from pg_index
        where pg_get_indexdef(indexrelid) like '% USING gin (client_id, %'
            or pg_get_indexdef(indexrelid) like '% USING gin (worn)' -- terms of the client
        """)).ToLookup(index => index.Table);

    [Test]
    public void Every_field_that_is_looked_up_has_its_index()
    {
        var lists = typeof(Migrator).Assembly.GetTypes()
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(field => field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(ListDefinition<>)).ToList();
        var check = GetType().GetMethod(nameof(Check), BindingFlags.Instance | BindingFlags.NonPublic)!;
        List<string> missing = [];

        var looked = lists.Sum(field => (int)check.MakeGenericMethod(field.FieldType.GetGenericArguments()).Invoke(this, [$"{field.DeclaringType!.Name}.{field.Name}", field.GetValue(null), missing])!);

        Assert.That(missing, Is.Empty);
        Assert.That(looked, Is.GreaterThan(30));
    }

    private int Check<T>(string name, ListDefinition<T> list, List<string> missing)
    {
        var looked = 0;
        foreach (var field in list.Fields.Where(field => field is { IsIndexed: true, Type: FieldType.Json or FieldType.TextArray }))
        {
            var isJson = field.Type is FieldType.Json;
            Look(isJson ? $"{field.Name}.a" : field.Name, field.Terms ?? field.Sql, ListRequest.Everything with { Conditions = [new(isJson ? $"{field.Name}.a" : field.Name, isJson ? Operator.Eq : Operator.All, ["b"])] });
            if (field is { AlsoIn: { } more, Terms: null }) missing.Add($"{name} by {field.Name}.a in {more}");
        }

        if (list.Search is not null) Look("q", "r.search", ListRequest.Everything with { Text = "b" });
        return looked;

        void Look(string what, string expression, ListRequest request)
        {
            looked++;
            var sql = ListCompiler.Compile(list, request, Guid.NewGuid()).Value.PageSql;
            var table = list.From.EndsWith(" r", StringComparison.Ordinal) && indexes.Contains(list.From[..^2]) ? indexes[list.From[..^2]] : indexes.SelectMany(index => index);
            var column = expression.Replace("r.", "", StringComparison.Ordinal);
            var isServed = table.Any(index => (index.Columns.StartsWith($"{column} ", StringComparison.Ordinal) || index.Columns.StartsWith($"{column})", StringComparison.Ordinal)) && sql.Contains(Said(index.Predicate), StringComparison.Ordinal));
            if (!isServed) missing.Add($"{name} by {what}");
        }
    }

    /// <summary>A predicate as statements say it.</summary>
    private static string Said(string predicate) => predicate.Length == 0 ? "" : $"r.{predicate.Trim('(', ')').Replace("::jsonb", "", StringComparison.Ordinal).Replace(" IS NULL", " is null", StringComparison.Ordinal)}";

    private sealed record Index(string Table, string Columns, string Predicate);
}
