using System.Globalization;
using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Bench.Reading;
using MediaPlatform.Infrastructure.Media;
using MediaPlatform.Infrastructure.Query;
using Npgsql;

namespace MediaPlatform.Bench.Media;

/// <summary>Reading one asset and pages of the library among a million assets.</summary>
public static class ReadingBench
{
    private const int DeepPage = 10_000;
    private const string Path = "/api/v1/media";

    /// <param name="keepsDatabase">See <see cref="BenchPlatform.Start"/>.</param>
    /// <param name="plans">Where to write how PostgreSQL runs the statements; null for nowhere.</param>
    public static async Task<Measurement[]> Run(bool keepsDatabase, string? plans, CancellationToken cancellationToken)
    {
        await using var platform = await BenchPlatform.Start("reading", keepsDatabase);
        await Library.Fill(platform);
        await BulkLoad.Warm(platform);
        var cursor = await CursorOfPage(platform, DeepPage);
        var one = Question.OfOne(platform, "one", MediaQueries.List, Path, Library.Rows);
        var first = PageOf(platform, "first", cursor: null);
        var deep = PageOf(platform, "deep", cursor);
        var path = Question.OfList(
            platform, "path", MediaQueries.List, ListRequest.Everything with { Conditions = [new("exif.camera_model", Operator.Eq, [Library.RareModel])], Count = CountMode.None },
            $"{Path}?exif.camera_model={Uri.EscapeDataString(Library.RareModel)}&count=none", warmUp: 500);
        var text = Question.OfList(
            platform, "text", MediaQueries.List, ListRequest.Everything with { Text = "harbour take-777", Count = CountMode.None }, $"{Path}?q=harbour%20take-777&count=none", warmUp: 500);
        if (plans is not null) await Plans.Write(platform, plans, [one, first, deep, path, text]);

        var address = (await platform.StartApi()).Address;
        var ones = await Comparison.Of(platform, address, one, cancellationToken);
        var bare = await platform.StartInPlaceOfApi("MediaPlatform.Bench.dll", BareApi.Argument, $"{platform.ClientId}", one.PositionalSql);
        var bares = await Comparison.Of(platform, bare.Address, one, cancellationToken);
        await bare.Kill();
        var firsts = await Comparison.Of(platform, address, first, cancellationToken);
        var deeps = await Comparison.Of(platform, address, deep, cancellationToken);
        var paths = await Comparison.Of(platform, address, path, cancellationToken);
        var texts = await Comparison.Of(platform, address, text, cancellationToken);
        var random = new Random(1);
        var latencies = await PacedClient.Run(
            address, platform.Key.Text, () => one.NextPath(random), 1_000, 3 * Comparison.Turn, cancellationToken);
        var pageLatencies = await PacedClient.Run(address, platform.Key.Text, () => deep.Path, 500, 3 * Comparison.Turn, cancellationToken);
        var pathLatencies = await PacedClient.Run(address, platform.Key.Text, () => path.Path, 50, 2 * Comparison.Turn, cancellationToken);
        var textLatencies = await PacedClient.Run(address, platform.Key.Text, () => text.Path, 50, 2 * Comparison.Turn, cancellationToken);
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

    private static Question PageOf(BenchPlatform platform, string name, string? cursor) => Question.OfList(
        platform, name, MediaQueries.List,
        ListRequest.Everything with { Conditions = [new("type", Operator.Eq, ["image"])], Sort = [new("created_at", Descending: true)], Cursor = cursor, Count = CountMode.None },
        $"{Path}?type=image&sort=-created_at&count=none", warmUp: 5_000);

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
}
