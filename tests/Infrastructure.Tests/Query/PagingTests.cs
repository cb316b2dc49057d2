using System.Text.Json.Nodes;
using Dapper;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Query;
using MediaPlatform.Infrastructure.Media;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Infrastructure.Tests.Query;

/// <summary>What a page costs, in blocks that PostgreSQL looks at: a measure that does not depend on the machine.</summary>
internal sealed class PagingTests : DatabaseFixture
{
    private const int Rows = 20_000;
    private const int Limit = 50;

    private static readonly Guid Client = Guid.CreateVersion7();

    private NpgsqlDataSource source = null!;

    [OneTimeSetUp]
    public async Task AddRows()
    {
        source = Database.CreateDataSource(new DatabaseOptions { ConnectionString = ConnectionString }, "tests");
        await Connection.ExecuteAsync($"""
            insert into clients (id, name, slug, created_at, updated_at) values ('{Client}', 'Pages', 'pages', now(), now());
            alter table media_assets disable trigger media_assets_change_log;
            insert into media_assets (
                client_id, id, type, format, mime_type, title, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, captured_at,
                exif, custom_fields, created_at, created_by_kind, updated_at, deleted_at)
            select '{Client}', gen_random_uuid(), 'image', 'JPEG', 'image/jpeg', 'word' || n % 1000, 'row.jpg', 1 + n % 5000, sha256(n::text::bytea), 'local',
                n::text, 'ready', 'upload', case when n % 3 = 0 then null else timestamptz '2026-01-01' + (n * 7919 % {Rows}) * interval '1 minute' end,
                jsonb_build_object('camera_model', 'Model ' || n % 1000), jsonb_build_object('mood', jsonb_build_object('name', n % 1000)), timestamptz '2026-01-01' + n * interval '1 second', 'system', now(), case when n % 50 = 0 then now() end
            from generate_series(1, {Rows}) n
            """, commandTimeout: 300);
        await Connection.ExecuteAsync("vacuum analyze media_assets");
    }

    [TestCaseSource(nameof(Sorts))]
    public async Task A_page_in_the_middle_costs_what_the_first_costs(string sort, bool includeDeleted)
    {
        var by = sort.Split(',').Select(key => new SortBy(key.TrimStart('-'), key[0] is '-')).ToArray();
        var first = await Cost(Compile(by, includeDeleted, cursor: null));

        foreach (var place in new[] { 0.3, 0.6, 0.9 })
        {
            var before = await Read(Compile(by, includeDeleted, cursor: null, limit: (int)(Rows * place)));
            var cursor = Cursor.After(MediaQueries.List, by, before[^1], total: null, totalIsCapped: false).Write();

            Assert.That(await Cost(Compile(by, includeDeleted, cursor)), Is.LessThan(2 * first + 50), $"after {place:P0} of the rows, where the first page costs {first}");
        }
    }

    [TestCase("sha256", "0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("id", "019a0000-0000-7000-8000-000000000001")]
    public async Task What_is_one_of_many_is_looked_up(string field, string value)
    {
        var request = new ListRequest([new Condition(field, Operator.Eq, [value])], Text: null, [], Limit, Cursor: null, CountMode.None, IncludeDeleted: false);

        Assert.That(await Cost(ListCompiler.Compile(MediaQueries.List, request, Client).Value), Is.LessThan(20));
    }

    [TestCase("exif.camera_model", Operator.Eq, "Model 7")]
    [TestCase("custom_fields.mood.name", Operator.In, "7")]
    public async Task A_path_is_looked_up(string field, Operator op, string value)
    {
        var request = ListRequest.Everything with { Conditions = [new(field, op, [value])], Count = CountMode.None };

        Assert.That(await Cost(ListCompiler.Compile(MediaQueries.List, request, Client).Value), Is.LessThan(300), $"of {Rows / 1000} rows");
    }

    [Test]
    public async Task Full_text_is_looked_up()
    {
        var request = new ListRequest([], Text: "word7 -word8", [], Limit, Cursor: null, CountMode.None, IncludeDeleted: false);

        Assert.That(await Cost(ListCompiler.Compile(MediaQueries.List, request, Client).Value), Is.LessThan(300));
    }

    [OneTimeTearDown]
    public async Task CloseSource() => await source.DisposeAsync();

    private static IEnumerable<TestCaseData> Sorts() =>
        from field in MediaQueries.List.SortNames
        from sort in new[] { field, "-" + field, $"{field},{(field is "size_bytes" ? "-captured_at" : "-size_bytes")}", $"-{field},{(field is "size_bytes" ? "captured_at" : "size_bytes")}" }
        from includeDeleted in new[] { false, true }
        select new TestCaseData(sort, includeDeleted);

    private static CompiledList Compile(IReadOnlyList<SortBy> sort, bool includeDeleted, string? cursor, int limit = Limit) =>
        ListCompiler.Compile(MediaQueries.List, new ListRequest([], Text: null, sort, limit, cursor, CountMode.None, includeDeleted), Client).Value;

    private async Task<List<MediaAssetDetails>> Read(CompiledList list)
    {
        await using var connection = await source.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<MediaAssetDetails>(list.PageSql, list.Parameters)).AsList();
        if (list.NullsSql is not null) rows.AddRange(await connection.QueryAsync<MediaAssetDetails>(list.NullsSql, list.Parameters));
        return [.. rows.Take(list.Parameters.Get<int>("limit") - 1)];
    }

    /// <summary>The blocks that both statements of a page look at.</summary>
    private async Task<long> Cost(CompiledList list)
    {
        var cost = 0L;
        foreach (var sql in new[] { list.PageSql, list.NullsSql })
        {
            if (sql is null) continue;
            var plan = JsonNode.Parse(await Connection.QuerySingleAsync<string>("explain (analyze, buffers, format json) " + sql, list.Parameters))![0]!["Plan"]!;
            cost += plan["Shared Hit Blocks"]!.GetValue<long>() + plan["Shared Read Blocks"]!.GetValue<long>();
        }

        return cost;
    }
}
