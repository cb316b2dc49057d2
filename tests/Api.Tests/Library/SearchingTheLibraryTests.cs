using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Library;

internal sealed class SearchingTheLibraryTests() : PlatformFixture
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    // Each test has words of its own, so that none finds what another has given.
    private static string Word() => $"w{Guid.NewGuid():n}"[..16];

    [Test]
    public async Task An_answer_has_each_term_of_the_score()
    {
        var (beach, sunset) = (Word(), Word());
        var (both, one) = (new LibraryItem(beach, sunset) { Width = 1600, Height = 900, UsedAt = Now.AddDays(-30) }, new LibraryItem($"{beach} walk") { Width = 800, Height = 900, UsedAt = Now });
        await Platform.GivenItems(Owner, [both, one]);

        var found = await Search($"type=image&tags={beach},{sunset}&desired_aspect_ratio={1.7778}");

        Assert.That(Ids(found), Is.EqualTo(new[] { both.Id, one.Id }));
        Expect(found[0]!, allTags: 1, anyTags: 1, recency: 0.5, aspectFit: 0.25 * (1 - Math.Abs(Math.Log(16 / 9.0 / 1.7778)) / Math.Log(2)));
        Expect(found[1]!, allTags: 0, anyTags: 0.5, recency: 1 / (1 + Math.Exp(-3)), aspectFit: 0); // twice as wide as it is
        Assert.That(found[0]!["matched"]!.AsArray().Select(word => word!.GetValue<string>()), Is.EquivalentTo(new[] { beach, sunset }));
        Assert.That(found[0]!["asset"]!["id"]!.GetValue<Guid>(), Is.EqualTo(both.Id));
    }

    [Test]
    public async Task Equal_scores_are_ordered_by_pixels_then_use_then_id()
    {
        var word = Word();
        var at = Now.AddDays(-3);
        LibraryItem[] given =
        [
            new(word) { Width = 3000, Height = 2000, UsedAt = at.AddDays(-9) },
            new(word) { Width = 1500, Height = 1000, UsedAt = at },
            new(word) { Width = 1500, Height = 1000, UsedAt = at.AddHours(-1), Id = Guid.Parse("01900000-0000-7000-8000-000000000001") },
            new(word) { Width = 1500, Height = 1000, UsedAt = at.AddHours(-1), Id = Guid.Parse("01900000-0000-7000-8000-000000000002") },
        ];
        await Platform.GivenItems(Owner, given.Reverse());

        Assert.That(Ids(await Search($"type=image&tags={word}&prefer_recency_boost=0")), Is.EqualTo(given.Select(item => item.Id)));
    }

    [Test]
    public async Task What_was_used_lately_comes_first_and_what_never_was_counts_from_when_it_came()
    {
        var word = Word();
        var (used, came, old) = (new LibraryItem(word) { UsedAt = Now, CreatedAt = Now.AddYears(-2) }, new LibraryItem(word) { CreatedAt = Now.AddDays(-10) }, new LibraryItem(word) { CreatedAt = Now.AddYears(-40) });
        await Platform.GivenItems(Owner, [old, came, used]);

        var found = await Search($"type=image&tags={word}");

        Assert.That(Ids(found), Is.EqualTo(new[] { used.Id, came.Id, old.Id }));
        Assert.That(found[1]!["recency"]!.GetValue<double>(), Is.EqualTo(1 / (1 + Math.Exp(-2))).Within(1e-4));
        Assert.That(found[2]!["recency"]!.GetValue<double>(), Is.EqualTo(0).Within(1e-9));
    }

    [TestCase("Café-Bar", "cafe")]
    [TestCase("new york", "York")]
    [TestCase("rock'n'roll", "ROLL")]
    [TestCase("東京・夜景", "夜景")]
    [TestCase("STRASSE", "straße")]
    public async Task Words_are_compared_without_case_accents_and_punctuation(string tag, string asked)
    {
        var (tenant, own) = (await Platform.CreateTenant("words"), new LibraryItem(tag.ToLowerInvariant()));
        await Platform.GivenItems(tenant, [own]);

        Assert.That(Ids(await Search($"type=image&tags={Uri.EscapeDataString(asked)}", tenant)), Is.EqualTo(new[] { own.Id }));
    }

    [Test]
    public async Task A_text_is_looked_for_by_its_frequent_words()
    {
        var reply = (await Owner.Get($"/library/search?type=video&text={Uri.EscapeDataString("The harbour at dawn: boats, boats and 12 gulls over the harbour. Boats! It is so we go.")}")).Expect(HttpStatusCode.OK);

        Assert.That(reply.Data["tokens"]!.AsArray().Select(word => word!.GetValue<string>()), Is.EqualTo(new[] { "boats", "harbour", "dawn", "gulls" }));
    }

    [Test]
    public async Task What_shares_no_word_is_not_found_nor_what_is_not_an_item()
    {
        var word = Word();
        var item = new LibraryItem(word);
        await Platform.GivenItems(Owner, [item, new(Word()), new(word) { Status = "processing" }, new(word) { Status = "failed" }, new(word) { Type = "video" }, new(word) { Type = "audio" }]);
        await Platform.GivenItems(Platform.Stranger, [new(word)]);
        var trashed = new LibraryItem(word);
        await Platform.GivenItems(Owner, [trashed]);
        (await Owner.Delete($"/media/{trashed.Id}")).Expect(HttpStatusCode.OK);

        Assert.That(Ids(await Search($"type=image&tags={word}")), Is.EqualTo(new[] { item.Id }));

        (await Owner.Post($"/media/{trashed.Id}/restore")).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/media/{item.Id}", new { Tags = new[] { Word() } })).Expect(HttpStatusCode.OK);
        Assert.That(Ids(await Search($"type=image&tags={word}")), Is.EqualTo(new[] { trashed.Id }));
    }

    [Test]
    public async Task Minima_are_held_to()
    {
        var word = Word();
        var (large, small, long_) = (new LibraryItem(word) { Width = 2000, Height = 2000, Type = "video", DurationMs = 5_000 }, new LibraryItem(word) { Width = 100, Height = 2000, Type = "video", DurationMs = 9_000 }, new LibraryItem(word) { Width = 3000, Height = 50, Type = "video", DurationMs = 60_000 });
        await Platform.GivenItems(Owner, [large, small, long_]);

        Assert.That(Ids(await Search($"type=video&tags={word}&min_width=1000&min_height=1000")), Is.EqualTo(new[] { large.Id }));
        Assert.That(Ids(await Search($"type=video&tags={word}&min_duration_ms=9000")), Is.EquivalentTo(new[] { small.Id, long_.Id }));
    }

    /// <summary>The statement looks at stages; whatever it leaves out, the answer is that of the formula over all items.</summary>
    [Test]
    public async Task The_best_of_thousands_are_those_of_the_formula()
    {
        var tenant = await Platform.CreateTenant("formula");
        var random = new Random(7);
        string[] words = [.. Enumerable.Range(1, 40).Select(i => $"word{i}")];
        (int, int)[] shapes = [(1600, 900), (1500, 1000), (900, 1600), (1000, 1000)];
        var items = Enumerable.Range(0, 5_000).Select(_ =>
        {
            var (width, height) = random.Next(3) > 0 ? shapes[random.Next(shapes.Length)] : (random.Next(200, 4000), random.Next(200, 4000));
            var tags = words.Where((_, i) => random.NextDouble() < 0.6 / Math.Pow(i + 1, 0.9)).DefaultIfEmpty("none").ToArray();
            return new LibraryItem(tags) { Width = width, Height = height, UsedAt = Now.AddDays(-random.NextDouble() * (random.Next(4) == 0 ? 900 : 100)) };
        }).ToList();
        await Platform.GivenItems(tenant, items);

        for (var i = 0; i < 80; i++)
        {
            var asked = Enumerable.Range(0, random.Next(1, 7)).Select(_ => words[(int)(words.Length * Math.Pow(random.NextDouble(), 2))]).Append(random.Next(6) == 0 ? "nothing" : words[random.Next(40)]).Distinct().ToArray();
            var (boost, desired, limit, minWidth) = (random.Next(3) switch { 0 => 0.0, 1 => 0.1, _ => random.NextDouble() }, random.Next(2) == 0 ? (double?)null : 0.5 + random.NextDouble() * 1.5, random.Next(1, 40), random.Next(2) == 0 ? (int?)null : 1200);

            var query = string.Create(CultureInfo.InvariantCulture, $"type=image&tags={string.Join(',', asked)}&prefer_recency_boost={boost}&max_results={limit}");
            if (desired is { } ratio) query += string.Create(CultureInfo.InvariantCulture, $"&desired_aspect_ratio={ratio}");
            if (minWidth is { } least) query += $"&min_width={least}";
            var found = await Search(query, tenant);

            var expected = items.Where(item => item.Width >= (minWidth ?? 0) && item.Tags.Intersect(asked).Any())
                .OrderByDescending(item => Score(item, asked, boost, desired)).ThenByDescending(item => item.Width * item.Height).ThenByDescending(item => item.UsedAt).ThenBy(item => item.Id.ToString(), StringComparer.Ordinal).Take(limit).ToList();
            Assert.That(Ids(found), Is.EqualTo(expected.Select(item => item.Id)), query);
        }
    }

    [TestCase("tags=a", "type")]
    [TestCase("type=audio&tags=a", "type")]
    [TestCase("type=image", "tags")]
    [TestCase("type=image&tags=a&max_results=201", "max_results")]
    [TestCase("type=image&tags=a&prefer_recency_boost=1.5", "prefer_recency_boost")]
    [TestCase("type=image&tags=a&desired_aspect_ratio=0", "desired_aspect_ratio")]
    [TestCase("type=image&tags=a&min_width=0", "min_width")]
    [TestCase("type=image&tags=a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k%20l%20m%20n%20o%20p%20q", "tags")]
    [TestCase("type=image&tags=---", "tags")]
    [TestCase("type=image&text=it%20is%2012", "text")]
    public async Task What_cannot_be_looked_for_is_refused_by_its_field(string query, string field)
    {
        var refused = (await Owner.Get($"/library/search?{query}")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.That(refused.Json["errors"]!.AsArray().Select(error => error!["field"]?.GetValue<string>()), Does.Contain(field), refused.Text);
    }

    private static double Score(LibraryItem item, string[] asked, double boost, double? desired)
    {
        var matched = asked.Count(item.Tags.Contains);
        var days = (DateTimeOffset.UtcNow - item.UsedAt!.Value).TotalDays;
        var fit = desired is { } ratio ? 0.25 * Math.Max(0, 1 - (Math.Abs(Math.Log((double)item.Width / item.Height / ratio)) / Math.Log(2))) : 0;
        return (matched == asked.Length ? 1 : 0) + (0.5 * matched / asked.Length) + (boost / (1 + Math.Exp((days - 30) / 10))) + fit;
    }

    private static void Expect(JsonNode item, double allTags, double anyTags, double recency, double aspectFit)
    {
        Assert.That(item["all_tags"]!.GetValue<double>(), Is.EqualTo(allTags));
        Assert.That(item["any_tags"]!.GetValue<double>(), Is.EqualTo(anyTags).Within(1e-9));
        Assert.That(item["recency"]!.GetValue<double>(), Is.EqualTo(recency).Within(1e-3));
        Assert.That(item["aspect_fit"]!.GetValue<double>(), Is.EqualTo(aspectFit).Within(1e-6));
        Assert.That(item["score"]!.GetValue<double>(), Is.EqualTo(allTags + (0.5 * anyTags) + (0.1 * recency) + aspectFit).Within(1e-3));
    }

    private async Task<JsonArray> Search(string query, Tenant? tenant = null) => (await (tenant ?? Owner).Get($"/library/search?{query}")).Expect(HttpStatusCode.OK).Data["items"]!.AsArray();

    private static Guid[] Ids(JsonArray found) => [.. found.Select(item => item!["library_id"]!.GetValue<Guid>())];
}
