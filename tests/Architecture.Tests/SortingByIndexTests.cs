using System.Reflection;
using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests;

/// <summary>A page of a list costs what it shows: every sort is read in the order of an index, up and down.</summary>
internal sealed class SortingByIndexTests : DatabaseFixture
{
    /// <summary>
    /// Sorts by what a client has once each: the id that ends every sort has nothing to decide there. And one whose rows come in the order of an
    /// index, merged with a handful of constants, which are sorted.
    /// </summary>
    private static readonly string[] Once = ["TagQueries.List by tag", "SchemaQueries.List by occurred_at"];

    [OneTimeSetUp]
    public async Task LetNothingElseServe() => await Connection.ExecuteAsync("set enable_seqscan = off; set enable_sort = off; set enable_bitmapscan = off");

    [Test]
    public async Task Every_sort_of_every_list_is_the_order_of_an_index()
    {
        var lists = typeof(Migrator).Assembly.GetTypes()
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(field => field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(ListDefinition<>)).ToList();
        Assert.That(lists, Has.Count.GreaterThan(5));

        var sorted = new List<string>();
        var check = GetType().GetMethod(nameof(Check), BindingFlags.Instance | BindingFlags.NonPublic)!;
        foreach (var field in lists)
            await (Task)check.MakeGenericMethod(field.FieldType.GetGenericArguments()).Invoke(this, [$"{field.DeclaringType!.Name}.{field.Name}", field.GetValue(null), sorted])!;

        Assert.That(sorted, Is.Empty);
    }

    private async Task Check<T>(string name, ListDefinition<T> list, List<string> sorted)
    {
        foreach (var sort in list.SortNames.Where(sort => !Once.Contains($"{name} by {sort}")))
        {
            foreach (var descending in new[] { true, false })
            {
                var compiled = ListCompiler.Compile(list, ListRequest.Everything with { Sort = [new(sort, descending)] }, Guid.NewGuid()).Value;
                foreach (var sql in new[] { compiled.PageSql, compiled.NullsSql }.OfType<string>())
                {
                    var plan = await Connection.QueryAsync<string>("explain " + sql, compiled.Parameters);
                    var ofRows = plan.TakeWhile(line => !line.Contains("SubPlan", StringComparison.Ordinal)); // what a row shows may be sorted in itself
                    if (ofRows.Any(line => line.Contains("Sort  (", StringComparison.Ordinal)))
                        sorted.Add($"{name} by {(descending ? "-" : "")}{sort}{(sql == compiled.PageSql ? "" : ", where it is null")}");
                }
            }
        }
    }
}
