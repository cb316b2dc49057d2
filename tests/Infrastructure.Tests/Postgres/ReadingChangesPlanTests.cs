using System.Text.Json.Nodes;
using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Infrastructure.Audit;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Infrastructure.Tests.Postgres;

/// <summary>The audit and the feed read from the middle of an index, in every partition, however long the log is.</summary>
internal sealed class ReadingChangesPlanTests : DatabaseFixture
{
    private const int Rows = 40_000;
    private static readonly Guid Client = Guid.CreateVersion7();

    [OneTimeSetUp]
    public async Task AddRows()
    {
        DapperSetup.EnsureRegistered();
        await Connection.ExecuteAsync($"""
            select create_change_log_partitions((now() - interval '5 months')::date, 6);
            insert into change_log (occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes)
            select now() - interval '5 months' + n * interval '5 minutes', (100 + n / 3)::text::xid8,
                case when n % 4 = 0 then '{Client}'::uuid else gen_random_uuid() end, 'key', lpad(to_hex(n % 500), 32, '0')::uuid, 'r' || n / 3, 'entity_' || n % 7, lpad(to_hex(n % 5000), 32, '0')::uuid,
                'update', jsonb_build_object('field_' || n % 1000, '1', 'title', '2')
            from generate_series(1, {Rows}) n;
            """, commandTimeout: 300);
        await Connection.ExecuteAsync("vacuum analyze change_log");
    }

    [TestCase("", "change_log_list_idx", 1500)]
    [TestCase("entity_id", "change_log_entity_idx", 500)]
    [TestCase("actor_id", "change_log_actor_idx", 1500)]
    [TestCase("request_id", "change_log_request_idx", 200)]
    [TestCase("changed_fields", "change_log_fields_idx", 1500)]
    public async Task A_list_reads_its_index(string by, string index, int blocks)
    {
        List<Condition> conditions = by switch
        {
            "" => [],
            "entity_id" => [new("entity", Operator.Eq, ["entity_4"]), new("entity_id", Operator.Eq, [Id(4)])],
            "actor_id" => [new(by, Operator.Eq, [Id(4)])],
            "request_id" => [new(by, Operator.Eq, ["r4"])],
            _ => [new(by, Operator.Any, ["field_4"])],
        };
        foreach (var descending in new[] { true, false })
        {
            var compiled = ListCompiler.Compile(ChangeQueries.List, new(conditions, Text: null, [new("occurred_at", descending)], 50, Cursor: null, CountMode.None, IncludeDeleted: false), Client).Value;
            var plan = await Explain(compiled.PageSql, compiled.Parameters);

            Assert.That(plan.Indexes, Has.All.Contains(Suffix(index)), string.Join(' ', plan.Indexes));
            Assert.That(plan.Blocks, Is.LessThan(blocks));
        }
    }

    [TestCase(0)]
    [TestCase(5_000)]
    [TestCase(13_000)]
    public async Task The_feed_reads_on_from_where_a_reader_stands(int transaction)
    {
        var select = (string)typeof(EventQueries).GetField("SelectNext", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!.GetRawConstantValue()!;

        var plan = await Explain(select, new { ClientId = Client, TransactionId = $"{transaction}", Number = 0L, Window = 200, Limit = 200, Types = (string[]?)null, Hidden = Array.Empty<string>() });

        Assert.That(plan.Indexes, Has.All.Contains("_client_id_transaction_id_id_idx"), string.Join(' ', plan.Indexes));
        Assert.That(plan.Blocks, Is.LessThan(1500));
    }

    private static string Id(int of) => $"{of:x32}";

    /// <summary>What PostgreSQL calls the index of a partition, after the columns of the parent's.</summary>
    private static string Suffix(string index) => index switch
    {
        "change_log_list_idx" => "client_id_occurred_at",
        "change_log_entity_idx" => "client_id_entity_entity_id_id_idx",
        "change_log_actor_idx" => "client_id_actor_id_occurred_at_idx",
        "change_log_request_idx" => "request_id_idx",
        _ => "client_id_changed_fields_idx",
    };

    private async Task<(List<string> Indexes, int Blocks)> Explain(string sql, object parameters)
    {
        var text = await Connection.QuerySingleAsync<string>($"explain (analyze, buffers, format json) {sql}", parameters);
        var plan = JsonNode.Parse(text)![0]!["Plan"]!;
        var indexes = new List<string>();
        Collect(plan, indexes);
        return (indexes, plan["Shared Hit Blocks"]!.GetValue<int>() + plan["Shared Read Blocks"]!.GetValue<int>());
    }

    private static void Collect(JsonNode node, List<string> indexes)
    {
        if (node["Index Name"] is { } index) indexes.Add($"{index}");
        if ($"{node["Node Type"]}" is "Seq Scan" && $"{node["Relation Name"]}".StartsWith("change_log_2", StringComparison.Ordinal)
            && node["Actual Rows"]!.GetValue<double>() + (node["Rows Removed by Filter"]?.GetValue<double>() ?? 0) > 0) // the months ahead are empty
            indexes.Add($"seq scan of {node["Relation Name"]}");
        foreach (var inner in node["Plans"]?.AsArray() ?? []) Collect(inner!, indexes);
    }
}
