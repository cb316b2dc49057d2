using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace MediaPlatform.Bench.Publication;

/// <summary>An archive's list of what came out: ten thousand sets with messy names, as CSV, by the job; and the same once more.</summary>
public static class ImportsBench
{
    private const int Sets = 10_000;
    private const int Channels = 20;

    // What is there afterwards, but for what says when and how often.
    private const string AllOfIt = """
        select md5(string_agg(row, '' order by row))
        from (
            select (to_jsonb(s) - 'search')::text as row from sets s
            union all
            select to_jsonb(c)::text from set_credits c
            union all
            select to_jsonb(r)::text from import_rows r
        ) kept
        """;

    private static readonly string[] Names =
    [
        "Zoë Lindqvist", "MARA (feat. Ines)", "\"Doe, Jane\"", "佐藤美咲 ", "Екатерина Жуковская", "  K. Oduya", "O'Brien-Núñez", "ÅSA", "مريم", "feat. Nobody", "Łucja Żak", "\"Ana \"\"Sol\"\" Reyes\"",
    ];

    public static async Task<Measurement[]> Run(CancellationToken cancellationToken)
    {
        await using var platform = await BenchPlatform.Start("imports");
        using var http = new HttpClient { BaseAddress = (await platform.StartApi()).Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", platform.Key.Text);
        await platform.StartWorker();
        for (var n = 0; n < Channels; n++) (await http.PostAsJsonAsync(new Uri("/api/v1/channels", UriKind.Relative), new { name = $"Channel {n}" }, cancellationToken)).EnsureSuccessStatusCode();

        var csv = Csv();
        var first = await Import(http, csv, cancellationToken);
        var (sets, credits, before) = (await platform.Sql<long>("select count(*) from sets"), await platform.Sql<long>("select count(*) from set_credits"), await platform.Sql<string>(AllOfIt));
        var again = await Import(http, csv, cancellationToken);
        var same = await platform.Sql<string>(AllOfIt) == before;
        return
        [
            new($"an import of {Sets:N0} sets, seconds", first.TotalSeconds, Bar.Below(60), $"CSV of {csv.Length / 1000.0:0} kB; {sets:N0} sets with {credits:N0} credits; from the request until it is applied"),
            new("sets that are there then", sets, Bar.AtLeast(Sets), "each once"),
            new("the same once more, seconds", again.TotalSeconds, Bar.Below(60), "what is there stays as it is"),
            new("the same once more gives the same", same ? 1 : 0, Bar.AtLeast(1), "sets, credits and rows, compared by a hash"),
        ];
    }

    private static async Task<TimeSpan> Import(HttpClient http, byte[] csv, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(csv) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        var started = Stopwatch.GetTimestamp();
        var sent = await http.PostAsync(new Uri("/api/v1/imports/sets", UriKind.Relative), content, cancellationToken);
        sent.EnsureSuccessStatusCode();
        var import = (await sent.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["data"]!["id"]!.GetValue<Guid>();
        while ((string?)(await http.GetFromJsonAsync<JsonNode>(new Uri($"/api/v1/imports/{import}", UriKind.Relative), cancellationToken))!["data"]!["status"] != "applied") await Task.Delay(100, cancellationToken);
        return Stopwatch.GetElapsedTime(started);
    }

    private static byte[] Csv()
    {
        var csv = new StringBuilder("title,channel,published_at,models,photographer,notes\r\n");
        for (var n = 0; n < Sets; n++)
        {
            var (models, day) = (n % 3 == 0 ? Names[n % Names.Length] : $"\"{Bare(n)};{Bare(n + 5)} {n % 700}\"", new DateOnly(2001, 1, 1).AddDays(n % 9_000));
            csv.Append(CultureInfo.InvariantCulture, $"\"Série {n}, {Bare(n).Trim()}\",Channel {n % Channels},{day:O},{models},{Names[(n + 7) % Names.Length]},\"N° {n}\r\nsecond line\"\r\n");
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    private static string Bare(int n) => Names[n % Names.Length].Replace("\"", "", StringComparison.Ordinal);
}
