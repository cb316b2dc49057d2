using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MediaPlatform.Bench.Reading;
using MediaPlatform.Infrastructure.Production;
using Npgsql;

namespace MediaPlatform.Bench.Production;

/// <summary>Finding one of a million people, who have two million other names, by a name that is not spelled right.</summary>
public static class PeopleBench
{
    private const int People = 1_000_000;
    private const int Queries = 1_000;
    private const int Seed = 20_261_128;
    private const int SearchesASecond = 20;

    private static readonly Rows Ids = new("01900101-0000-7000-8000-", People);

    /// <param name="keepsDatabase">See <see cref="BenchPlatform.Start"/>.</param>
    /// <param name="plans">Where to write how PostgreSQL runs the statement; null for nowhere.</param>
    public static async Task<Measurement[]> Run(bool keepsDatabase, string? plans, CancellationToken cancellationToken)
    {
        await using var platform = await BenchPlatform.Start("people", keepsDatabase);
        await Fill(platform);
        await BulkLoad.Warm(platform);
        var asked = await Asked(platform);
        if (plans is not null) await Plans.Write(platform, plans, [.. asked.Take(3).Select((one, at) => QuestionOf(platform, $"people {at}", one.Name))]);

        var address = (await platform.StartApi()).Address;
        var (first, firstFive, wrong) = await Quality(platform, address, asked, cancellationToken);
        foreach (var one in wrong.Take(10)) Console.Error.WriteLine(one);

        List<Measurement> measured =
        [
            new("misspelt, the right person is first", first, Bar.AtLeast(0.90), $"of {Queries:N0} names that one person has, one or two letters wrong, fixed seed"),
            new("misspelt, the right person is in the first five", firstFive, Bar.AtLeast(0.97), "the same"),
        ];
        var exact = asked.Select(one => one.Right).ToArray();
        string[] begun = [.. exact.Select(name => name[..Math.Min(name.Length, 5)])];
        string[] given = [.. exact.Select(name => name.Split(' ')[0])];
        foreach (var (name, texts) in new[] { ("misspelt", asked.Select(one => one.Name).ToArray()), ("right", exact), ("begun", begun), ("a given name", given), ("frequent words, misspelt", ["mariaa", "ana mariia", "emilly hart", "jose mria"]) })
        {
            string Path() => $"/api/v1/people/search?q={Uri.EscapeDataString(texts[Random.Shared.Next(texts.Length)])}";
            await PacedClient.Run(address, platform.Key.Text, Path, SearchesASecond, 2 * Comparison.Turn, cancellationToken);
            var took = await PacedClient.Run(address, platform.Key.Text, Path, SearchesASecond, 3 * Comparison.Turn, cancellationToken);
            measured.Add(new($"people, {name}, at {SearchesASecond}/s, p95 in ms", took.Percentile(0.95), Bar.Below(50), $"p50 {took.Percentile(0.5):0.00}, p99 {took.Percentile(0.99):0.00}, most {took[^1]:0.00}"));
        }

        var nothing = await PacedClient.Run(address, platform.Key.Text, () => "/health/live", SearchesASecond, 3 * Comparison.Turn, cancellationToken);
        measured.Add(new($"nothing at {SearchesASecond}/s, p95 in ms", nothing.Percentile(0.95), Bar: null, $"GET /health/live; p50 {nothing.Percentile(0.5):0.00}, most {nothing[^1]:0.00}"));
        return [.. measured];
    }

    private static Question QuestionOf(BenchPlatform platform, string name, string text)
    {
        var parameters = new Dapper.DynamicParameters();
        parameters.Add("ClientId", platform.ClientId);
        parameters.Add("Q", text);
        parameters.Add("Limit", 20);
        return new(name, [PersonQueries.Find], parameters, "/api/v1/people/search", WarmUp: 0);
    }

    /// <summary>Names that one person has and no alias, each as it is and as somebody mistypes it.</summary>
    private static async Task<(Guid Id, string Right, string Name)[]> Asked(BenchPlatform platform)
    {
        var random = new Random(Seed);
        List<(Guid, string, string)> asked = [];
        while (asked.Count < Queries)
        {
            var number = random.Next(1, People + 1);
            var name = Names.Of(number);
            var misspelt = Names.Misspelt(name, random);
            if (misspelt == name || name.Length < 6) continue;
            if (await platform.Sql<long>($"select count(distinct person_id) from person_names where client_id = '{platform.ClientId}' and norm in (normal_name('{name}'), normal_name('{misspelt}'))") == 1)
                asked.Add((new Guid(Ids.Id(number)), name, misspelt));
        }

        return [.. asked];
    }

    private static async Task<(double First, double FirstFive, List<string> Wrong)> Quality(BenchPlatform platform, Uri address, (Guid Id, string Right, string Name)[] asked, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Add("X-Api-Key", platform.Key.Text);
        var (first, firstFive) = (0, 0);
        List<string> wrong = [];
        foreach (var (id, right, name) in asked)
        {
            var answer = await http.GetFromJsonAsync<JsonNode>(new Uri($"/api/v1/people/search?q={Uri.EscapeDataString(name)}", UriKind.Relative), cancellationToken);
            var place = answer!["data"]!.AsArray().Select(found => found!["id"]!.GetValue<Guid>()).ToList().IndexOf(id);
            if (place == 0) first++;
            else wrong.Add(string.Create(CultureInfo.InvariantCulture, $"\"{name}\" has {right} in place {place + 1}; first is {answer["data"]!.AsArray().FirstOrDefault()?["display_name"]}."));
            if (place is >= 0 and < 5) firstFive++;
        }

        return ((double)first / asked.Length, (double)firstFive / asked.Length, wrong);
    }

    private static async Task Fill(BenchPlatform platform)
    {
        if (await platform.Sql<bool>($"select exists (select from people where id = '{Ids.Id(People)}')")) return;

        Console.Error.WriteLine($"Naming {People:N0} people.");
        await using (var connection = new NpgsqlConnection(platform.Database.ConnectionString))
        {
            await connection.OpenAsync();
            await platform.Sql("create table given_names (number int, name text, alias boolean)");
            await using var writer = await connection.BeginBinaryImportAsync("copy given_names from stdin (format binary)");
            for (var number = 1; number <= People; number++)
            {
                await Write(number, Names.Of(number), isAlias: false);
                foreach (var alias in Names.AliasesOf(number)) await Write(number, alias, isAlias: true);
            }

            await writer.CompleteAsync();

            async Task Write(int number, string name, bool isAlias)
            {
                await writer.StartRowAsync();
                await writer.WriteAsync(number);
                await writer.WriteAsync(name);
                await writer.WriteAsync(isAlias);
            }
        }

        await BulkLoad.Run(platform, ["people", "person_aliases", "person_names", "name_words"], $"""
            insert into people (client_id, id, display_name, type, last_active_on, created_at, created_by_kind, updated_at)
            select '{platform.ClientId}', ('{Ids.Prefix}' || lpad(number::text, 12, '0'))::uuid, name, case when number % 10 = 0 then 'photographer' else 'model' end,
                date '2026-01-01' - (number % 5000), timestamptz '2020-01-01' + number * interval '1 minute', 'key', now()
            from given_names where not alias;
            insert into person_aliases (client_id, id, person_id, alias, source, created_at, created_by_kind, updated_at)
            select '{platform.ClientId}', gen_random_uuid(), ('{Ids.Prefix}' || lpad(number::text, 12, '0'))::uuid, name, 'manual', now(), 'key', now()
            from (select distinct on (number, normal_name(name)) number, name from given_names where alias) others;
            insert into person_names (client_id, person_id, alias_id, norm, words)
            select client_id, id, null, display_name_norm, words_of_name(display_name_norm) from people
            union all
            select client_id, person_id, id, alias_norm, words_of_name(alias_norm) from person_aliases;
            insert into name_words (client_id, word, near)
            select '{platform.ClientId}', word, near_words(word)
            from (select distinct unnest(tsvector_to_array(words)) as word from person_names) used
            where word not like '#%';
            drop table given_names;
            """);
    }
}
