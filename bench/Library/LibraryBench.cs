using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using MediaPlatform.Bench.Reading;
using Npgsql;

namespace MediaPlatform.Bench.Library;

/// <summary>Looking for the best of a million pictures and films with ten tags each, of words that are used as unequally as people use them; and evicting a hundred thousand of them.</summary>
public static class LibraryBench
{
    private const int Items = 1_000_000;
    private const int Stock = 100_000;
    private const int Words = 10_000;
    private const int SearchesASecond = 10;
    private const int Seed = 20_261_129;

    private static readonly Rows Ids = new("01900202-0000-7000-8000-", Items);

    // Each word is on this share of all items: the first on a tenth.
    private static readonly double[] Until = Sums();

    private static readonly (int Width, int Height)[] Shapes = [(4000, 2667), (3840, 2160), (1920, 1080), (3000, 2000), (4000, 3000), (2000, 3000), (1080, 1920), (2000, 2000), (4000, 6000), (5184, 3456)];

    // What somebody writes who has the tags in an array with an index, and no more.
    private const string Plain = """
        select id,
            (tags @> @tags)::int + 0.5 * cardinality(array(select unnest(tags) intersect select unnest(@tags))) / cardinality(@tags)
            + 0.1 / (1 + exp((extract(epoch from now() - coalesce(last_used_at, created_at)) / 86400 - 30) / 10))
            + 0.25 * greatest(0, 1 - abs(ln(width::float8 / height / 1.7778)) / ln(2)) as score
        from media_assets
        where client_id = @client and tags && @tags and type = 'image' and status = 'ready' and deleted_at is null
        order by score desc, width * height desc, last_used_at desc, id
        limit 20
        """;

    /// <param name="keepsDatabase">See <see cref="BenchPlatform.Start"/>; what is evicted is missing the next time.</param>
    public static async Task<Measurement[]> Run(bool keepsDatabase, CancellationToken cancellationToken)
    {
        await using var platform = await BenchPlatform.Start("library", keepsDatabase);
        await Fill(platform);
        await BulkLoad.Warm(platform);
        var address = (await platform.StartApi()).Address;

        List<Measurement> measured = [];
        string[] often = [.. Enumerable.Range(1, 10).Select(word => $"word{word}")];
        var questions = new (string Name, Func<Random, string> Ask, Bar? Bar)[]
        {
            ("one to four words as they are used", random => Query(Drawn(random, random.Next(1, 5)), random.Next(2) == 0), Bar.Below(50)),
            ("the commonest word", _ => Query(["word1"], isShaped: false), Bar.Below(50)),
            ("one of the ten commonest, with a shape", random => Query([often[random.Next(10)]], isShaped: true), null),
            ("three of the ten commonest", random => Query([.. Enumerable.Range(0, 3).Select(_ => often[random.Next(10)]).Distinct()], isShaped: false), null),
            ("ten words", random => Query(Drawn(random, 10), isShaped: true), null),
        };
        foreach (var (name, ask, bar) in questions)
        {
            var random = new Random(Seed);
            string Path() => $"/api/v1/library/search?{ask(random)}";
            await PacedClient.Run(address, platform.Key.Text, Path, SearchesASecond, 2 * Comparison.Turn, cancellationToken);
            var took = await PacedClient.Run(address, platform.Key.Text, Path, SearchesASecond, 4 * Comparison.Turn, cancellationToken);
            measured.Add(new($"library, {name}, at {SearchesASecond}/s, p95 in ms", took.Percentile(0.95), bar, $"p50 {took.Percentile(0.5):0.00}, p99 {took.Percentile(0.99):0.00}, most {took[^1]:0.00}"));
        }

        measured.Add(await AgainstPlain(platform, address, cancellationToken));
        measured.Add(await Evicting(platform, address, cancellationToken));
        return [.. measured];
    }

    /// <summary>The same questions in turn, one after the other.</summary>
    private static async Task<Measurement> AgainstPlain(BenchPlatform platform, Uri address, CancellationToken cancellationToken)
    {
        var random = new Random(Seed + 1);
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Add("X-Api-Key", platform.Key.Text);
        await using var connection = new NpgsqlConnection($"{platform.Database.ConnectionString};Options=-c jit=off -c work_mem=16MB");
        await connection.OpenAsync(cancellationToken);
        List<double> ours = [], plain = [];
        for (var n = 0; n < 60; n++)
        {
            var words = Drawn(random, random.Next(1, 5));
            var began = Stopwatch.GetTimestamp();
            (await http.GetAsync(new Uri($"/api/v1/library/search?{Query(words, isShaped: true)}", UriKind.Relative), cancellationToken)).EnsureSuccessStatusCode();
            ours.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);

            began = Stopwatch.GetTimestamp();
            await using var command = new NpgsqlCommand(Plain, connection);
            command.Parameters.AddWithValue("client", platform.ClientId);
            command.Parameters.AddWithValue("tags", words);
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            {
                for (var more = true; more;) more = await reader.ReadAsync(cancellationToken);
            }

            plain.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        var (sortedOurs, sortedPlain) = (ours.Order().ToArray(), plain.Order().ToArray());
        return new("library, p95 of a plain statement ÷ ours", sortedPlain.Percentile(0.95) / sortedOurs.Percentile(0.95), Bar: null, $"over the tags of the assets: p50 {sortedPlain.Percentile(0.5):0}, p95 {sortedPlain.Percentile(0.95):0} ms; ours, with HTTP and the assets {sortedOurs.Percentile(0.5):0} and {sortedOurs.Percentile(0.95):0}");
    }

    private static async Task<Measurement> Evicting(BenchPlatform platform, Uri address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Add("X-Api-Key", platform.Key.Text);
        var items = await platform.Sql<long>("select count(*) from media_assets where source = 'stock'");
        (await http.PatchAsJsonAsync(new Uri($"/api/v1/clients/{platform.ClientId}", UriKind.Relative), new { library_quota_bytes = 0 }, cancellationToken)).EnsureSuccessStatusCode();
        (await http.PostAsync(new Uri("/api/v1/library/gc", UriKind.Relative), content: null, cancellationToken)).EnsureSuccessStatusCode();
        await platform.StartWorker();
        var began = Stopwatch.GetTimestamp();
        while (await platform.Sql<bool>("select exists (select from jobs where type = 'LIBRARY_GC' and status <> 'succeeded')")) await Task.Delay(200, cancellationToken);
        var took = Stopwatch.GetElapsedTime(began);
        var left = await platform.Sql<long>("select count(*) from media_assets where source = 'stock'");
        return new("library, evicting 100,000 items, seconds", took.TotalSeconds, Bar.Below(600), $"{items - left:N0} items with two variants and ten tags each, {(items - left) / took.TotalSeconds:0}/s, each looked at again in its deletion; {left} left");
    }

    private static string Query(string[] words, bool isShaped) => string.Create(CultureInfo.InvariantCulture, $"type=image&tags={string.Join(',', words)}{(isShaped ? "&desired_aspect_ratio=1.7778" : "")}");

    /// <summary>Words as people use them: those that are on many items are asked for often.</summary>
    private static string[] Drawn(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => $"word{Word(random)}").Distinct()];

    private static int Word(Random random)
    {
        var at = Array.BinarySearch(Until, random.NextDouble() * Until[^1]);
        return (at < 0 ? ~at : at) + 1;
    }

    private static double[] Sums()
    {
        var (sums, sum) = (new double[Words], 0.0);
        for (var word = 1; word <= Words; word++) sums[word - 1] = sum += 0.1 * Math.Pow(word, -0.6);
        return sums;
    }

    private static async Task Fill(BenchPlatform platform)
    {
        if (await platform.Sql<bool>($"select exists (select from media_assets where id = '{Ids.Id(Items)}')")) return;

        Console.Error.WriteLine($"Tagging {Items:N0} pictures and films.");
        await platform.Sql("create table given_items (number int, tags text[], width int, height int, age float8, is_film boolean)");
        await using (var connection = new NpgsqlConnection(platform.Database.ConnectionString))
        {
            await connection.OpenAsync();
            await using var writer = await connection.BeginBinaryImportAsync("copy given_items from stdin (format binary)");
            var random = new Random(Seed);
            for (var number = 1; number <= Items; number++)
            {
                HashSet<int> tags = [];
                while (tags.Count < 10) tags.Add(Word(random));
                var (width, height) = random.Next(10) < 7 ? Shapes[random.Next(Shapes.Length)] : (random.Next(600, 6000), random.Next(600, 6000));
                await writer.StartRowAsync();
                await writer.WriteAsync(number);
                await writer.WriteAsync(tags.Select(tag => $"word{tag}").ToArray());
                await writer.WriteAsync(width);
                await writer.WriteAsync(height);
                await writer.WriteAsync(-60 * Math.Log(1 - random.NextDouble()));
                await writer.WriteAsync(random.Next(5) == 0);
            }

            await writer.CompleteAsync();
        }

        await BulkLoad.Run(platform, ["media_assets", "media_variants", "library_items"], $"""
            insert into media_assets (
                client_id, id, type, format, mime_type, title, original_filename, size_bytes, sha256, width, height, duration_ms, has_audio, placeholder_hash, storage_provider, storage_key, status, source,
                provider, source_url, last_used_at, tags, created_at, created_by_kind, updated_at)
            select
                '{platform.ClientId}', ('{Ids.Prefix}' || lpad(number::text, 12, '0'))::uuid, case when is_film then 'video' else 'image' end, case when is_film then 'MP4' else 'JPEG' end,
                case when is_film then 'video/mp4' else 'image/jpeg' end, 'Stock ' || number, number || '.jpg', 3000000, sha256(number::text::bytea), width, height, case when is_film then 9000 end, false,
                '1QcSHQRnh493V4dIh4eXh1h4kJUI', 'local', replace('{platform.ClientId}', '-', '') || '/media/' || lpad(to_hex(number % 256), 2, '0') || '/' || md5(number::text) || '/original', 'ready',
                case when number <= {Stock} then 'stock' else 'upload' end, case when number <= {Stock} then 'pexels' end, case when number <= {Stock} then 'https://pexels.example/' || number end,
                now() - age * interval '1 day', tags, now() - interval '1 year', 'key', now()
            from given_items;
            insert into media_variants (
                client_id, id, asset_id, kind, preset, recipe, format, mime_type, width, height, size_bytes, storage_provider, storage_key, created_at)
            select
                '{platform.ClientId}', gen_random_uuid(), ('{Ids.Prefix}' || lpad(number::text, 12, '0'))::uuid, preset.kind, preset.name, 1, 'jpeg', 'image/jpeg', preset.width, preset.width * 3 / 4,
                preset.width * 90, 'local', 'renditions/' || lpad(to_hex(number % 256), 2, '0') || '/' || md5(number::text || 'r') || '/' || preset.name || '.1.jpeg', now()
            from given_items, (values ('thumbnail', 'thumb', 400), ('preview', 'preview', 1440)) preset (kind, name, width);
            insert into library_items (client_id, asset_id, type, width, height, aspect, duration_ms, used_at, terms)
            select client_id, id, type, width, height, ln(width::double precision / height), duration_ms, last_used_at, library_terms(client_id, type, tag_tokens(tags))
            from media_assets;
            insert into library_usage (client_id, provider, items, bytes)
            select '{platform.ClientId}', 'pexels', {Stock}, {Stock} * (3000000::bigint + 1840 * 90);
            drop table given_items;
            """);
    }
}
