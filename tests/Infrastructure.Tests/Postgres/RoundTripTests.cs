using System.Text.Json;
using Dapper;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Infrastructure.Tests.Postgres;

[Parallelizable(ParallelScope.All)]
internal sealed class RoundTripTests
{
    [OneTimeSetUp]
    public void Register() => DapperSetup.EnsureRegistered();

    [Test]
    public async Task A_time_comes_back_in_utc_to_the_microsecond()
    {
        var time = new DateTimeOffset(2026, 1, 31, 18, 0, 0, TimeSpan.FromHours(2)).AddTicks(1_234_560);

        var row = await Read<TimeRow>("select @Value::timestamptz as value, null::timestamptz as other_value", new { Value = time });

        Assert.That(row.Value, Is.EqualTo(time));
        Assert.That(row.Value.Offset, Is.EqualTo(TimeSpan.Zero));
        Assert.That(row.OtherValue, Is.Null);
        Assert.That(await Read<string>("select pg_typeof(@Value)::text", new { Value = time }), Is.EqualTo("timestamp with time zone"));
        Assert.That((await Read<TimeRow>("select now() as value, @Value::timestamptz as other_value", new { Value = (DateTimeOffset?)null })).OtherValue, Is.Null);
        Assert.That((await Read<TimeRow>("select now() as value, @Value as other_value", new { Value = (DateTimeOffset?)time })).OtherValue, Is.EqualTo(time));
    }

    [Test]
    public async Task Texts_come_back_in_order()
    {
        string[] texts = ["b", "a", "", "é, {\"quoted\"}", "null"];

        Assert.That((await Read<TextsRow>("select @Value as value", new { Value = texts })).Value, Is.EqualTo(texts));
        Assert.That((await Read<TextsRow>("select @Value as value", new { Value = Array.Empty<string>() })).Value, Is.Empty);
        Assert.That((await Read<TextsRow>("select @Value::text[] as value", new { Value = (string[]?)null })).Value, Is.Null);
        Assert.That(await Read<bool>("select 'a' = any(@Value)", new { Value = texts }), Is.True);
    }

    [Test]
    public async Task Ids_come_back_in_order()
    {
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid()];

        Assert.That((await Read<IdsRow>("select @Value as value", new { Value = ids })).Value, Is.EqualTo(ids));
        Assert.That((await Read<IdsRow>("select @Value as value", new { Value = Array.Empty<Guid>() })).Value, Is.Empty);
        Assert.That((await Read<IdsRow>("select @Value::uuid[] as value", new { Value = (Guid[]?)null })).Value, Is.Null);
        Assert.That(await Read<bool>("select @One = any(@Value)", new { Value = ids, One = ids[1] }), Is.True);
    }

    [Test]
    public async Task Numbers_come_back_in_order()
    {
        long[] numbers = [long.MaxValue, -1, long.MinValue];

        Assert.That((await Read<NumbersRow>("select @Value as value", new { Value = numbers })).Value, Is.EqualTo(numbers));
        Assert.That((await Read<NumbersRow>("select @Value as value", new { Value = Array.Empty<long>() })).Value, Is.Empty);
        Assert.That(await Read<bool>("select -1 = any(@Value)", new { Value = numbers }), Is.True);
    }

    [TestCase("""{"a": [1, 2.5, null, true], "é": "日本"}""")]
    [TestCase("[]")]
    [TestCase("\"text\"")]
    [TestCase("null")]
    public async Task Json_of_any_shape_comes_back(string json)
    {
        var row = await Read<JsonRow>("select @Value as value, null::jsonb as other_value", new { Value = JsonElement.Parse(json) });

        Assert.That(JsonElement.DeepEquals(row.Value, JsonElement.Parse(json)), Is.True, row.Value.GetRawText());
        Assert.That(row.OtherValue, Is.Null);
        Assert.That(await Read<string>("select pg_typeof(@Value)::text", new { Value = JsonElement.Parse(json) }), Is.EqualTo("jsonb"));
    }

    [Test]
    public async Task Stages_come_back_with_their_errors()
    {
        var at = new DateTimeOffset(2026, 1, 31, 18, 0, 0, TimeSpan.Zero);
        StageEntry[] stages = [new("fetch", 1, at, at.AddSeconds(1)), new("render", 2, at, null, new JobError("IMAGE_TRUNCATED", "It ends.")), new("note", 2, at, at, Note: "x")];

        Assert.That((await Read<StagesRow>("select @Value as value", new { Value = stages })).Value, Is.EqualTo(stages));
        var text = await Read<string>("select (@Value)::text", new { Value = stages });
        Assert.That(text, Does.Contain("\"started_at\"").And.Not.Contain("\"note\": null"));
    }

    private static async Task<T> Read<T>(string sql, object? parameters)
    {
        await using var connection = new NpgsqlConnection(TestServers.Postgres);
        return await connection.QuerySingleAsync<T>(sql, parameters);
    }

    private sealed record TimeRow(DateTimeOffset Value, DateTimeOffset? OtherValue);

    private sealed record NumbersRow(long[] Value);

    private sealed record TextsRow(string[]? Value);

    private sealed record IdsRow(Guid[]? Value);

    private sealed record JsonRow(JsonElement Value, JsonElement? OtherValue);

    private sealed record StagesRow(StageEntry[] Value);
}
