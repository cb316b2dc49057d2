using System.Diagnostics;
using Dapper;
using MediaPlatform.Bench.Reading;
using Npgsql;

namespace MediaPlatform.Bench.Media;

/// <summary>Finding what looks like an asset among a million, of which a fifth are versions of others.</summary>
public static class SimilarBench
{
    private const int AsksASecond = 20;
    private const int Scans = 9;

    // One statement, of which nothing but a scan of the table is left.
    private const string Scan = """
        set enable_indexscan = off; set enable_indexonlyscan = off; set enable_bitmapscan = off; set max_parallel_workers_per_gather = 0; set jit = off;
        select other.id, bit_count((other.phash # asked.phash)::bit(64)) as distance
        from (select phash from media_assets where client_id = @ClientId and id = @Id offset 0) asked
        join media_assets other on other.client_id = @ClientId and other.deleted_at is null and other.id <> @Id and bit_count((other.phash # asked.phash)::bit(64)) <= 10
        order by distance, other.id
        limit 50
        """;

    /// <param name="keepsDatabase">See <see cref="BenchPlatform.Start"/>.</param>
    public static async Task<Measurement[]> Run(bool keepsDatabase, CancellationToken cancellationToken)
    {
        await using var platform = await BenchPlatform.Start("similar", keepsDatabase);
        await Library.Fill(platform);
        await BulkLoad.Warm(platform);

        var address = (await platform.StartApi()).Address;
        var random = new Random(1);
        string Path(int distance) => $"/api/v1/media/{Library.Rows.Id(random.Next(1, Library.Assets + 1))}/similar?distance={distance}";
        List<Measurement> measured = [];
        var median = 0.0;
        foreach (var distance in new[] { 4, 11, 10 })
        {
            await PacedClient.Run(address, platform.Key.Text, () => Path(distance), AsksASecond, 2 * Comparison.Turn, cancellationToken);
            var took = await PacedClient.Run(address, platform.Key.Text, () => Path(distance), AsksASecond, 4 * Comparison.Turn, cancellationToken);
            median = took.Percentile(0.5);
            measured.Add(new($"alike within {distance} bits, at {AsksASecond}/s, p95 in ms", took.Percentile(0.95), Bar.Below(100), $"a random one of {Library.Assets:N0}; p50 {median:0.00}, p99 {took.Percentile(0.99):0.00}, most {took[^1]:0.00}"));
        }

        var nothing = await PacedClient.Run(address, platform.Key.Text, () => "/health/live", AsksASecond, 2 * Comparison.Turn, cancellationToken);
        measured.Add(new($"nothing at {AsksASecond}/s, p95 in ms", nothing.Percentile(0.95), Bar: null, $"GET /health/live; p50 {nothing.Percentile(0.5):0.00}, most {nothing[^1]:0.00}"));
        var scan = await TimeOfScan(platform, random);
        measured.Add(new("a scan of the table ÷ the indexes", scan / median, Bar: null, $"within 10 bits, median of {Scans}: {scan:0} ms for the statement alone"));
        var size = await platform.Sql<long>("select sum(pg_relation_size(indexrelid))::bigint from pg_index where indexrelid::regclass::text like 'media_assets_phash_%'");
        measured.Add(new("the indexes, in MB", size / 1e6, Bar: null, "of four bands"));
        return [.. measured];
    }

    private static async Task<double> TimeOfScan(BenchPlatform platform, Random random)
    {
        await using var connection = new NpgsqlConnection(platform.Database.ConnectionString);
        await connection.OpenAsync();
        List<double> took = [];
        for (var turn = 0; turn < Scans; turn++)
        {
            var sent = Stopwatch.GetTimestamp();
            await connection.ExecuteAsync(Scan, new { platform.ClientId, Id = new Guid(Library.Rows.Id(random.Next(1, Library.Assets + 1))) });
            took.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        return Measurement.Median(took);
    }
}
