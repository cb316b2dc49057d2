using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Infrastructure.Media;
using MediaPlatform.Infrastructure.Query;
using Npgsql;

namespace MediaPlatform.Bench.Media;

/// <summary>
/// Reading one asset and pages of the library among a million assets: the API as it is deployed, key, envelope and ETag included, against
/// pgbench running the very SQL that the API runs, on the same number of connections, in turns.
/// </summary>
public static partial class ReadingBench
{
    private const int Rounds = 5;
    private const int DeepPage = 10_000;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(4);

    /// <param name="keepsDatabase">See <see cref="BenchPlatform.Start"/>.</param>
    /// <param name="plans">Where to write how PostgreSQL runs the statements; null for nowhere.</param>
    public static async Task<Measurement[]> Run(bool keepsDatabase, string? plans, CancellationToken cancellationToken)
    {
        await using var platform = await BenchPlatform.Start("reading", keepsDatabase);
        await Library.Fill(platform);
        var cursor = await CursorOfPage(platform, DeepPage);
        var one = Question.OfOne(platform);
        var first = Question.OfPage(platform, "first", cursor: null);
        var deep = Question.OfPage(platform, "deep", cursor);
        var path = Question.OfList(
            platform, "path", ListRequest.Everything with { Conditions = [new("exif.camera_model", Operator.Eq, [Library.RareModel])], Count = CountMode.None },
            $"/api/v1/media?exif.camera_model={Uri.EscapeDataString(Library.RareModel)}&count=none", warmUp: 500);
        var text = Question.OfList(
            platform, "text", ListRequest.Everything with { Text = "harbour take-777", Count = CountMode.None }, "/api/v1/media?q=harbour%20take-777&count=none", warmUp: 500);
        if (plans is not null) await WritePlans(platform, plans, [one, first, deep, path, text]);

        var address = (await platform.StartApi()).Address;
        var ones = await Compare(platform, address, one, cancellationToken);
        var bare = await platform.StartInPlaceOfApi("MediaPlatform.Bench.dll", BareApi.Argument, $"{platform.ClientId}", one.PositionalSql);
        var bares = await Compare(platform, bare.Address, one, cancellationToken);
        await bare.Kill();
        var firsts = await Compare(platform, address, first, cancellationToken);
        var deeps = await Compare(platform, address, deep, cancellationToken);
        var paths = await Compare(platform, address, path, cancellationToken);
        var texts = await Compare(platform, address, text, cancellationToken);
        var random = new Random(1);
        var latencies = await PacedClient.Run(
            address, platform.Key.Text, () => $"/api/v1/media/{Library.IdPrefix}{random.Next(1, Library.Assets):D12}", 1_000, 3 * Turn, cancellationToken);
        var pageLatencies = await PacedClient.Run(address, platform.Key.Text, () => deep.Path, 500, 3 * Turn, cancellationToken);
        var pathLatencies = await PacedClient.Run(address, platform.Key.Text, () => path.Path, 50, 2 * Turn, cancellationToken);
        var textLatencies = await PacedClient.Run(address, platform.Key.Text, () => text.Path, 50, 2 * Turn, cancellationToken);
        return
        [
            ones.Against("one asset, API ÷ pgbench", 0.40),
            bares.Against("one asset, nothing but Kestrel and Npgsql ÷ pgbench", bar: null),
            new("one asset at 1,000/s, p99 in ms", latencies.Percentile(0.99), Bar.Below(5), $"p50 {latencies.Percentile(0.5):0.00}, p95 {latencies.Percentile(0.95):0.00}"),
            firsts.Against("50 assets, page 1, API ÷ pgbench", 0.25),
            deeps.Against($"50 assets, page {DeepPage:N0}, API ÷ pgbench", 0.25),
            new($"50 assets, page {DeepPage:N0} ÷ page 1", deeps.Api / firsts.Api, Bar.AtLeast(0.8), "requests/s; type=image, sort=-created_at, not counted"),
            paths.Against("50 assets by a path in jsonb, API ÷ pgbench", 0.25),
            new("by a path in jsonb at 50/s, p95 in ms", pathLatencies.Percentile(0.95), Bar.Below(100), $"one model in {Library.Models:N0}; p50 {pathLatencies.Percentile(0.5):0.00}"),
            texts.Against("50 assets by full text, API ÷ pgbench", 0.25),
            new("by full text at 50/s, p95 in ms", textLatencies.Percentile(0.95), Bar.Below(100), $"a word of all and one of a thousandth; p50 {textLatencies.Percentile(0.5):0.00}"),
            new($"50 assets at 500/s, p95 in ms", pageLatencies.Percentile(0.95), Bar.Below(20), $"page {DeepPage:N0}; p50 {pageLatencies.Percentile(0.5):0.00}, p99 {pageLatencies.Percentile(0.99):0.00}"),
        ];
    }

    private static async Task<Compared> Compare(BenchPlatform platform, Uri address, Question question, CancellationToken cancellationToken)
    {
        var lua = platform.PathOf($"{question.Name}.lua");
        await File.WriteAllTextAsync(lua, question.Lua(platform.Key.Text), cancellationToken);
        var sql = platform.PathOf($"{question.Name}.sql");
        await File.WriteAllTextAsync(sql, question.PgBenchScript, cancellationToken);

        for (var asked = 0.0; asked < question.WarmUp;) asked += Turn.TotalSeconds * await Load.Wrk(address, lua, Turn, cancellationToken); // compiles what is hot
        await Load.PgBench(platform, sql, question.Variables, Turn, cancellationToken);
        List<(double Api, double PgBench)> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            var pgbench = await Load.PgBench(platform, sql, question.Variables, Turn, cancellationToken);
            rounds.Add((await Load.Wrk(address, lua, Turn, cancellationToken), pgbench));
        }

        return new(
            Measurement.Median(rounds.Select(round => round.Api)), Measurement.Median(rounds.Select(round => round.PgBench)),
            Measurement.Median(rounds.Select(round => round.Api / round.PgBench)));
    }

    private static async Task<string> CursorOfPage(BenchPlatform platform, int page)
    {
        await using var connection = new NpgsqlConnection(platform.Database.ConnectionString);
        var (id, at) = await connection.QuerySingleAsync<(Guid, DateTime)>($"""
            select id, created_at
            from media_assets
            where client_id = '{platform.ClientId}' and deleted_at is null and type = 'image'
            order by created_at desc, id desc
            offset {(page - 1) * ListRequest.DefaultLimit - 1}
            limit 1
            """);
        return new Cursor("-created_at", [at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)], id, Total: null, TotalIsCapped: false).Write();
    }

    private static async Task WritePlans(BenchPlatform platform, string file, IEnumerable<Question> questions)
    {
        await using var connection = new NpgsqlConnection(platform.Database.ConnectionString);
        await using var writer = new StreamWriter(file);
        foreach (var question in questions)
        {
            await writer.WriteLineAsync($"-- {question.Name}");
            foreach (var line in await connection.QueryAsync<string>("explain (analyze, buffers) " + question.Sql, question.Parameters)) await writer.WriteLineAsync(line);
            await writer.WriteLineAsync();
        }
    }

    private sealed record Compared(double Api, double PgBench, double Ratio)
    {
        public Measurement Against(string name, double? bar) =>
            new(name, Ratio, bar is { } least ? Bar.AtLeast(least) : null, $"{Api:N0} requests/s, {PgBench:N0} transactions/s; {Load.Connections} connections each, medians of {Rounds} rounds");
    }

    /// <summary>The same question to the API and to PostgreSQL.</summary>
    /// <param name="Sql">As the API sends it, with <c>@names</c>.</param>
    /// <param name="Parameters">Values of those.</param>
    /// <param name="Path">What the API is asked; empty where it is another each time.</param>
    /// <param name="WarmUp">How often it is asked before it counts.</param>
    private sealed partial record Question(string Name, string Sql, DynamicParameters Parameters, string Path, int WarmUp)
    {
        public static Question OfOne(BenchPlatform platform)
        {
            var parameters = new DynamicParameters();
            parameters.Add("ClientId", platform.ClientId);
            parameters.Add("Id", new Guid($"{Library.IdPrefix}{Library.Assets / 2:D12}"));
            return new("one", MediaQueries.List.SelectOne, parameters, Path: "", WarmUp: 100_000);
        }

        public static Question OfList(BenchPlatform platform, string name, ListRequest request, string path, int warmUp)
        {
            var compiled = ListCompiler.Compile(MediaQueries.List, request, platform.ClientId).Value;
            return new(name, compiled.PageSql, compiled.Parameters, path, warmUp);
        }

        public static Question OfPage(BenchPlatform platform, string name, string? cursor)
        {
            var request = new ListRequest(
                [new("type", Operator.Eq, ["image"])], Text: null, [new("created_at", Descending: true)], ListRequest.DefaultLimit, cursor, CountMode.None, IncludeDeleted: false);
            var compiled = ListCompiler.Compile(MediaQueries.List, request, platform.ClientId).Value;
            return new(name, compiled.PageSql, compiled.Parameters, "/api/v1/media?type=image&sort=-created_at&count=none" + (cursor is null ? "" : $"&cursor={cursor}"), WarmUp: 5_000);
        }

        /// <summary>pgbench's variables; the id is made of a random number.</summary>
        public IEnumerable<KeyValuePair<string, string>> Variables => Parameters.ParameterNames.Where(name => name != "Id").Select(name => KeyValuePair.Create(name, Text(Parameters.Get<object>(name))));

        public string PgBenchScript =>
            $"\\set number random(1, {Library.Assets})\n"
            + Parameter().Replace(Sql, match => match.Value == "@Id" ? $"('{Library.IdPrefix}' || lpad(:number, 12, '0'))::uuid" : ":" + match.Value[1..]) + ";\n";

        /// <summary>For a driver that numbers its parameters.</summary>
        public string PositionalSql => Sql.Replace("@ClientId", "$1", StringComparison.Ordinal).Replace("@Id", "$2", StringComparison.Ordinal);

        public string Lua(string key) => $$"""
            local threads = 0
            function setup(thread)
                threads = threads + 1
                thread:set("seed", threads)
            end
            function init()
                math.randomseed(seed)
                wrk.headers["X-Api-Key"] = "{{key}}"
            end
            function request()
                return wrk.format(nil, {{(Path.Length > 0 ? $"\"{Path}\"" : $"string.format(\"/api/v1/media/{Library.IdPrefix}%012d\", math.random({Library.Assets}))")}})
            end
            """;

        private static string Text(object value) => value switch
        {
            DateTime at => at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            DateTimeOffset at => at.ToString("O", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

        [GeneratedRegex("@[A-Za-z][A-Za-z0-9]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Parameter();
    }
}
