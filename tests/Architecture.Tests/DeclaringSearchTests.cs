using Dapper;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Search;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MediaPlatform.Architecture.Tests;

/// <summary>What has words to be found by is found by GET /search: a table that comes later says how, or why not.</summary>
internal sealed class DeclaringSearchTests : PlatformFixture
{
    /// <summary>Tables with a column <c>search</c> that are not searched together with the others, each with the reason.</summary>
    private static readonly Dictionary<string, string> Alone = new(StringComparer.Ordinal);

    private NpgsqlConnection connection = null!;

    private IReadOnlyList<Searched> Declared => [.. Platform.ApiServices.GetServices<Searched>()];

    [OneTimeSetUp]
    public async Task Connect()
    {
        connection = new NpgsqlConnection(Platform.Database);
        await connection.OpenAsync();
    }

    [OneTimeTearDown]
    public async Task Disconnect() => await connection.DisposeAsync();

    [Test]
    public async Task Every_table_with_a_column_of_words_is_declared_or_says_why_not()
    {
        var tables = await connection.QueryAsync<string>("select table_name from information_schema.columns where table_schema = 'public' and column_name = 'search' and data_type = 'tsvector'");

        Assert.That(Declared.Select(kind => kind.Table).Concat(Alone.Keys), Is.EquivalentTo(tables), "beside its list, in the container: see docs/search.md");
        Assert.That(Declared.Select(kind => kind.Type), Is.Unique);
    }

    [Test]
    public async Task Every_declaration_is_a_statement_that_its_indexes_serve()
    {
        var entities = Platform.ApiServices.GetRequiredService<Application.Access.EntityNames>().All;
        await connection.ExecuteAsync("set enable_seqscan = off; set enable_sort = off");
        var wrong = new List<string>();
        foreach (var kind in Declared)
        {
            if (!entities.Contains(kind.Path)) wrong.Add($"{kind.Type}: no permission is about {kind.Path}");
            foreach (var byTags in new[] { false, true })
            {
                try
                {
                    var plan = string.Join('\n', await connection.QueryAsync<string>(
                        "explain " + SearchSql.Of([kind], byTags, byNames: true, isAfter: byTags),
                        new
                        {
                            ClientId = Guid.NewGuid(), Exact = "'word'", Begun = "'word':*", Name = "a name", Tags = new[] { "tag" }, AllVersions = false, Limit = 10, Place = 0, Reason = 0, Rank = 0.5f,
                            Id = Guid.NewGuid(),
                        }));
                    if (plan.Contains("Seq Scan", StringComparison.Ordinal)) wrong.Add($"{kind.Type} is read as a whole: {plan}");
                }
                catch (PostgresException exception)
                {
                    wrong.Add($"{kind.Type}: {exception.MessageText}");
                }
            }

            var indexes = string.Join('\n', await connection.QueryAsync<string>("select indexdef from pg_indexes where tablename = @Table", new { kind.Table }));
            if (!indexes.Contains("USING gin (client_id, search)", StringComparison.Ordinal)) wrong.Add($"{kind.Type} has no index gin (client_id, search)");
            if (kind.Name is null) continue;

            // the expression as the database writes it, in a query and in an index
            var output = (await connection.QueryAsync<string>($"explain verbose select search_name({kind.Name}) from {kind.Table} r")).Single(line => line.Contains("Output: ", StringComparison.Ordinal));
            var expression = output.Split("Output: ")[1].Replace("r.", "", StringComparison.Ordinal);
            foreach (var index in new[] { $"USING gin (client_id, {expression} gin_trgm_ops) WHERE (deleted_at IS NULL)", $"USING btree (client_id, {expression}) WHERE (deleted_at IS NULL)" })
            {
                if (!indexes.Contains(index, StringComparison.Ordinal)) wrong.Add($"{kind.Type} has no index {index}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task Every_column_of_words_can_be_made_anew()
    {
        foreach (var kind in Declared)
            Assert.That(await connection.QuerySingleAsync<int>("select seen from recompute_search(@Table::text::regclass, @Id, null, 10)", new { kind.Table, Id = Guid.NewGuid() }), Is.Zero, kind.Table);
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("select recompute_search('jobs', gen_random_uuid(), null, 10)"), "it has no such column");
    }
}
