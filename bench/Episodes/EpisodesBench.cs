using System.Globalization;
using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Bench.Reading;
using MediaPlatform.Infrastructure.Episodes;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Search;
using MediaPlatform.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MediaPlatform.Bench.Episodes;

/// <summary>Reading, filtering and searching the production of a million episodes.</summary>
public static class EpisodesBench
{
    private const int DeepPage = 10_000;
    private const int SearchesASecond = 5; // what people ask; the bars name no rate, and two processors that run the clients too are soon what is measured
    private const string Path = "/api/v1/episodes";

    /// <param name="keepsDatabase">See <see cref="BenchPlatform.Start"/>.</param>
    /// <param name="plans">Where to write how PostgreSQL runs the statements; null for nowhere.</param>
    public static async Task<Measurement[]> Run(bool keepsDatabase, string? plans, CancellationToken cancellationToken)
    {
        await using var platform = await BenchPlatform.Start("episodes", keepsDatabase);
        await Catalogue.Fill(platform);
        await BulkLoad.Warm(platform);
        var one = Question.OfOne(platform, "episode", EpisodeRecords.List, Path, Catalogue.Episodes);
        var first = PageOf(platform, "episodes-first", cursor: null);
        var deep = PageOf(platform, "episodes-deep", await CursorOfPage(platform, DeepPage));
        Question[] searches = [.. Filters(platform), .. Scripts(platform)];
        Question[] everything = [.. await Everything(platform)];
        if (plans is not null) await Plans.Write(platform, plans, [one, first, deep, .. searches, .. everything]);

        var address = (await platform.StartApi()).Address;
        var ones = await Comparison.Of(platform, address, one, cancellationToken);
        var firsts = await Comparison.Of(platform, address, first, cancellationToken);
        var deeps = await Comparison.Of(platform, address, deep, cancellationToken);
        var oneLatencies = await PacedClient.Run(address, platform.Key.Text, () => one.NextPath(Random.Shared), 1_000, 3 * Comparison.Turn, cancellationToken);
        var pageLatencies = await PacedClient.Run(address, platform.Key.Text, () => deep.Path, 500, 3 * Comparison.Turn, cancellationToken);
        var nothings = await Nothings(platform, address, cancellationToken);
        List<Measurement> measured =
        [
            ones.Against("one episode, API ÷ pgbench", 0.40),
            new("one episode at 1,000/s, p99 in ms", oneLatencies.Percentile(0.99), Bar.Below(5), $"p50 {oneLatencies.Percentile(0.5):0.00}, p95 {oneLatencies.Percentile(0.95):0.00}"),
            firsts.Against("50 episodes, page 1, API ÷ pgbench", 0.25),
            deeps.Against($"50 episodes, page {DeepPage:N0}, API ÷ pgbench", 0.25),
            new($"50 episodes, page {DeepPage:N0} ÷ page 1", deeps.Api / firsts.Api, Bar.AtLeast(0.8), "requests/s; status=published, sort=-publish_date, not counted"),
            new("50 episodes at 500/s, p95 in ms", pageLatencies.Percentile(0.95), Bar.Below(20), $"page {DeepPage:N0}; p50 {pageLatencies.Percentile(0.5):0.00}, p99 {pageLatencies.Percentile(0.99):0.00}"),
        ];
        measured.AddRange(nothings);
        foreach (var (search, bar) in searches.Select(search => (search, (Bar?)Bar.Below(100))).Concat(everything.Select(search => (search, (Bar?)null))))
        {
            await PacedClient.Run(address, platform.Key.Text, () => search.Path, SearchesASecond, 2 * Comparison.Turn, cancellationToken); // statements are prepared, asked until PostgreSQL has chosen its plan, and find what they read in memory
            var took = await PacedClient.Run(address, platform.Key.Text, () => search.Path, SearchesASecond, 2 * Comparison.Turn, cancellationToken);
            measured.Add(new($"{search.Name} at {SearchesASecond}/s, p95 in ms", took.Percentile(0.95), bar, $"p50 {took.Percentile(0.5):0.00}, most {took[^1]:0.00}"));
        }

        return [.. measured];
    }

    /// <summary>What the machine itself takes from those who wait, at the same rates: a request that asks nobody and reads nothing.</summary>
    private static async Task<List<Measurement>> Nothings(BenchPlatform platform, Uri address, CancellationToken cancellationToken)
    {
        List<Measurement> measured = [];
        foreach (var (rate, of) in new[] { (1_000, 0.99), (500, 0.95), (SearchesASecond, 0.95) })
        {
            var took = await PacedClient.Run(address, platform.Key.Text, () => "/health/live", rate, 3 * Comparison.Turn, cancellationToken);
            measured.Add(new($"nothing at {rate:N0}/s, p{100 * of:0} in ms", took.Percentile(of), Bar: null, $"GET /health/live; p50 {took.Percentile(0.5):0.00}, most {took[^1]:0.00}"));
        }

        return measured;
    }

    private static Question PageOf(BenchPlatform platform, string name, string? cursor) => Question.OfList(
        platform, name, EpisodeRecords.List,
        ListRequest.Everything with { Conditions = [new("status", Operator.Eq, ["published"])], Sort = [new("publish_date", Descending: true)], Cursor = cursor, Count = CountMode.None },
        $"{Path}?status=published&sort=-publish_date&count=none", warmUp: 5_000);

    private static async Task<string> CursorOfPage(BenchPlatform platform, int page)
    {
        await using var connection = new NpgsqlConnection(platform.Database.ConnectionString);
        var (id, day) = await connection.QuerySingleAsync<(Guid, DateTime)>($"""
            select id, publish_date
            from episodes
            where client_id = '{platform.ClientId}' and deleted_at is null and status = 'published' and publish_date is not null
            order by publish_date desc, id desc
            offset {(page - 1) * ListRequest.DefaultLimit - 1}
            limit 1
            """);
        return new Cursor("-publish_date", [DateOnly.FromDateTime(day).ToString("O", CultureInfo.InvariantCulture)], id, Total: null, TotalIsCapped: false).Write();
    }

    /// <summary>By what is worn and shown: what many episodes have, what next to none has, and what none has.</summary>
    private static IEnumerable<Question> Filters(BenchPlatform platform)
    {
        foreach (var (much, color) in new[] { ("often", "black"), ("sometimes", "nude"), ("seldom", "verdigris"), ("never", "octarine") })
        {
            Condition worn = new("wardrobe.shoes.color", Operator.Eq, [color]);
            yield return Of($"worn {much}", [worn], []);
            yield return Of($"worn {much}, published", [worn, new("status", Operator.Eq, ["published"])], []);
            yield return Of($"worn {much}, by title", [worn], [new("title", Descending: false)]);
        }

        yield return Of("shown often", [new("background", Operator.Eq, ["s3://bucket/backgrounds/1.jpg"])], []);
        yield return Of("shown seldom", [new("background", Operator.Eq, ["s3://bucket/backgrounds/1990.jpg"])], []);

        Question Of(string name, Condition[] conditions, SortBy[] sort) => Question.OfList(
            platform, name, EpisodeRecords.List, ListRequest.Everything with { Conditions = conditions, Sort = sort },
            $"{Path}?{string.Join('&', conditions.Select(condition => $"{condition.Field}={Uri.EscapeDataString(condition.Values[0])}"))}{(sort is [var by] ? $"&sort={by.Field}" : "")}", warmUp: 0);
    }

    private static IEnumerable<Question> Scripts(BenchPlatform platform)
    {
        foreach (var (much, words) in new[] { ("in all", "style"), ("in many", "observatory harbour"), ("in one", "slate777"), ("a phrase", "\"harbour crimson\" or slate778") })
        {
            foreach (var all in new[] { false, true })
            {
                var parameters = Values(("ClientId", platform.ClientId), ("Q", words), ("AllVersions", all), ("Limit", 20));
                yield return new(
                    $"script words {much}{(all ? ", all versions" : "")}", [ScriptQueries.Search], parameters,
                    $"/api/v1/scripts/search?q={Uri.EscapeDataString(words)}{(all ? "&all_versions=true" : "")}", WarmUp: 0);
            }
        }
    }

    private static async Task<List<Question>> Everything(BenchPlatform platform)
    {
        using var services = new ServiceCollection().AddPostgres("bench").BuildServiceProvider();
        Searched[] kinds = [.. services.GetServices<Searched>().OrderBy(kind => kind.Place)];
        await using var connection = new NpgsqlConnection(platform.Database.ConnectionString);
        List<Question> questions = [];
        foreach (var (much, words) in new[] { ("often", "style"), ("seldom", "slate777"), ("never", "octarine"), ("often, begun", "wardr"), ("seldom, begun", "verdig"), ("mistyped", "mariello"), ("mistyped, two words", "goldn wardrobe") })
        {
            var (exact, begun, name) = await connection.QuerySingleAsync<(string, string, string)>($"select exact, begun, name from ({SearchQueries.Read}) asked", new { Q = words, Tags = Array.Empty<string>() });
            var parameters = Values(
                ("ClientId", platform.ClientId), ("Exact", exact), ("Begun", begun), ("Name", name), ("Tags", Array.Empty<string>()), ("AllVersions", false), ("Limit", ListRequest.DefaultLimit));
            questions.Add(new($"searched {much}", [SearchSql.Of(kinds, byTags: false, byNames: true, isAfter: false)], parameters, $"/api/v1/search?q={Uri.EscapeDataString(words)}", WarmUp: 0));
        }

        return questions;
    }

    private static DynamicParameters Values(params (string Name, object Value)[] values)
    {
        var parameters = new DynamicParameters();
        foreach (var (name, value) in values) parameters.Add(name, value);
        return parameters;
    }
}
