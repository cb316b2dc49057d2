using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Search;

/// <summary>Everything at once. Each test has words of its own, so that none finds what another made.</summary>
internal sealed class SearchingTests : PlatformFixture
{
    private Issuer issuer = null!;

    protected override async Task<Platform> Begin()
    {
        issuer = Held(await Issuer.Start());
        return await Platform.Start(overrides: issuer.Settings());
    }

    [Test]
    public async Task All_types_are_found_in_their_order_of_priority()
    {
        var show = await Made("/shows", new { Title = "Zephyr weekly" });
        var source = await Made("/talent-sources", new { Name = "Zephyr Jones" });
        var asset = (await Owner.Upload(Samples.Png(8101), "zephyr.png")).Id;
        var episode = await Made("/episodes", new { Title = "Plain", Description = "A zephyr blows", ShowId = show });
        await Owner.Put($"/episodes/{episode}/script", new { Text = "INT. ROOF. The zephyr & <she turns>." });
        var item = await Made("/wardrobe-items", new { Slot = "scarf", Name = "Zephyr scarf", Brand = "Hermès" });
        var clip = await Made("/clips", new { SceneDescription = "Zephyr on the roof", EpisodeId = episode });
        var background = await Made("/backgrounds", new { Name = "Zephyr sky", FileReference = "s3://bucket/sky.jpg" });

        var found = await Search("q=zephyr");

        var (hits, facets) = (found.Data.AsArray(), found.Json["metadata"]!["facets"]!);
        Assert.That(hits.Select(Type), Is.EqualTo(new[] { "episode", "clip", "wardrobe_item", "script", "background", "media_asset", "show", "talent_source" }).Or.EqualTo(new[] { "episode", "clip", "wardrobe_item", "script", "background", "media_asset", "talent_source", "show" }));
        Assert.That(hits.Select(hit => hit!["reason"]!.GetValue<string>()), Is.All.EqualTo("exact"));
        Assert.That(hits.Take(3).Select(Id), Is.EqualTo(new[] { episode, clip, item }));
        Assert.That(hits.Skip(4).Select(Id), Is.EquivalentTo(new[] { background, asset, show, source }));
        Assert.That(facets["types"]!.AsArray().Select(type => $"{type!["type"]} {type["count"]} {type["is_capped"]}"), Is.EqualTo(new[]
        {
            "episode 1 false", "clip 1 false", "wardrobe_item 1 false", "script 1 false", "background 1 false", "media_asset 1 false", "show 1 false", "talent_source 1 false",
        }));
        Assert.That($"{found.Json["metadata"]!["page"]!["total"]}", Is.EqualTo("8"));
        foreach (var hit in hits) (await Owner.Get(hit!["url"]!.GetValue<string>()["/api/v1".Length..])).Expect(HttpStatusCode.OK);
        var script = hits[3]!;
        Assert.That((script["episode_id"]!.GetValue<Guid>(), $"{script["version"]}", script["title"]!.GetValue<string>()), Is.EqualTo((episode, "1", "Plain")));
        Assert.That(script["highlights"]!.GetValue<string>(), Is.EqualTo("INT. ROOF. The <mark>zephyr</mark> &amp; &lt;she turns"), "up to the last word");
        Assert.That(hits[0]!["highlights"]!.GetValue<string>(), Is.EqualTo("Plain · A <mark>zephyr</mark> blows"));
    }

    [Test]
    public async Task What_others_wrote_comes_back_escaped()
    {
        await Made("/episodes", new { Title = "Quokka <script>alert(1)</script> & \"co\"" });

        var hit = (await Search("q=quokka")).Data[0]!;

        Assert.That(hit["title"]!.GetValue<string>(), Is.EqualTo("Quokka <script>alert(1)</script> & \"co\""));
        Assert.That(hit["highlights"]!.GetValue<string>(), Does.StartWith("<mark>Quokka</mark> &lt;script&gt;").And.Not.Contain("<script"));
    }

    [Test]
    public async Task The_last_word_may_be_only_begun_and_the_whole_word_comes_first()
    {
        var whole = await Made("/episodes", new { Title = "Other", Description = "a far gryph appears" });
        var begun = await Made("/episodes", new { Title = "Gryphon reset" });

        Assert.That(Told(await Search("q=gryph")), Is.EqualTo(new[] { $"{whole} exact", $"{begun} prefix" }));
        Assert.That(Told(await Search("q=gryphon res")), Is.EqualTo(new[] { $"{begun} prefix" }));
        Assert.That((await Search("q=gryphon res")).Data[0]!["highlights"]!.GetValue<string>(), Is.EqualTo("<mark>Gryphon</mark> <mark>reset</mark>"));
        Assert.That(Told(await Search("q=res gryphon")), Is.EqualTo(new[] { $"{begun} typo" }), "not the first word, which is at best misspelt");
        Assert.That(Told(await Search("q=\"gryphon res")), Is.Empty, "not within quotation marks");
        Assert.That(Told(await Search("q=gryphon -reset")), Is.Empty);
        Assert.That(Told(await Search("q=nothing or gryphon")), Is.EqualTo(new[] { $"{begun} exact" }));
    }

    [Test]
    public async Task A_word_begun_is_not_taken_for_its_stem()
    {
        var made = await Made("/episodes", new { Title = "Wolpertinger styles" });

        foreach (var begun in new[] { "st", "sty", "styl", "style", "styles" }) Assert.That(Ids(await Search($"q=wolpertinger {begun}")), Is.EqualTo(new[] { made }), begun);
    }

    [Test]
    public async Task Typos_in_names_are_forgiven_where_words_find_too_little()
    {
        var louboutin = await Made("/wardrobe-items", new { Slot = "shoes", Name = "So Kate", Brand = "Christian Louboutin" });
        var title = await Made("/episodes", new { Title = "Axolotl masquerade", Tags = new[] { "pond" } });

        Assert.That(Told(await Search("q=loubuotin")), Is.EqualTo(new[] { $"{louboutin} typo" }));
        Assert.That(Told(await Search("q=axolotl maskerade")), Is.EqualTo(new[] { $"{title} typo" }));
        Assert.That(Told(await Search("q=axolotl maskerade&tags=pond")), Is.EqualTo(new[] { $"{title} typo" }));
        Assert.That(Told(await Search("q=axolotl maskerade&tags=sea")), Is.Empty);
        Assert.That(Told(await Search("q=axolotl maskerade -pond")), Is.Empty, "with operators it is no name");

        var exact = await Made("/clips", new { Notes = "loubuotin, as it is spelled here" });
        Assert.That(Told(await Search("q=loubuotin&limit=1")), Is.EqualTo(new[] { $"{exact} exact" }), "a page is full without");
    }

    [Test]
    public async Task Accents_case_and_forms_of_unicode_are_the_same()
    {
        var made = await Made("/episodes", new { Title = "Crème Brûlée Ünique", Tags = new[] { "sucré" } });

        foreach (var q in new[] { "creme brulee unique", "CRÈME BRÛLÉE", "cre\u0300me bru\u0302le\u0301e", "brul unique", "unique brûlé" })
            Assert.That(Ids(await Search($"q={Uri.EscapeDataString(q)}")), Is.EqualTo(new[] { made }), q);
        Assert.That(Ids(await Search($"q=unique&tags={Uri.EscapeDataString("SUCRE\u0301")}")), Is.EqualTo(new[] { made }));
        Assert.That(Told(await Search("q=creme brulle unik")), Is.EqualTo(new[] { $"{made} typo" }));
    }

    [Test]
    public async Task Pages_follow_each_other_through_all_types_without_a_gap_or_a_double()
    {
        var made = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            made.Add(await Made("/episodes", new { Title = $"Basilisk {i}", Tags = i < 3 ? new[] { "scaly" } : [] }));
            made.Add(await Made("/clips", new { SceneDescription = "Basiliskos", Notes = i % 2 == 0 ? "basilisk" : null }));
        }

        var whole = await Search("q=basilisk");
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await Search($"q=basilisk&limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(Ids(page));
            Assert.That(page.Json["metadata"]!["facets"]!.ToJsonString(), Is.EqualTo(whole.Json["metadata"]!["facets"]!.ToJsonString()), "of all pages");
            cursor = (string?)page.Json["metadata"]!["page"]!["next_cursor"];
        }
        while (cursor is not null && seen.Count < 50);

        Assert.That(seen, Is.EquivalentTo(made));
        Assert.That(seen, Is.EqualTo(Ids(whole)));
        var first = (await Search("q=basilisk&limit=3")).Json["metadata"]!["page"]!["next_cursor"]!;
        (await Owner.Get($"/search?q=other&cursor={first}")).ExpectProblem(HttpStatusCode.BadRequest, "CURSOR_INVALID");
        (await Owner.Get("/search?q=basilisk&cursor=made-up")).ExpectProblem(HttpStatusCode.BadRequest, "CURSOR_INVALID");
        Assert.That(whole.Json["metadata"]!["facets"]!["tags"]!.ToJsonString(), Is.EqualTo("""[{"tag":"scaly","count":3}]"""));
        Assert.That((await Search("q=basilisk&tags=scaly")).Data.AsArray(), Has.Count.EqualTo(3));
        Assert.That((await Search("q=basilisk&types=clip")).Data.AsArray().Select(Type).Distinct(), Is.EqualTo(new[] { "clip" }));
    }

    [Test]
    public async Task A_name_that_is_the_query_comes_before_those_that_only_have_it()
    {
        var named = await Made("/episodes", new { Title = "Manticore" });
        for (var i = 0; i < 3; i++) await Made("/episodes", new { Title = $"Manticore manticore manticore {i}", Description = "manticore" });

        Assert.That(Ids(await Search("q=manticore"))[0], Is.EqualTo(named));
    }

    [Test]
    public async Task Of_a_word_that_is_everywhere_the_newest_and_the_very_name_are_found_and_the_count_says_that_it_is_capped()
    {
        var tenant = await Platform.CreateTenant("crowded");
        var oldest = (await tenant.Post("/episodes", new { Title = "Hippogriff" })).Expect(HttpStatusCode.Created).Id;
        var show = (await tenant.Get("/shows")).Data[0]!["id"]!.GetValue<Guid>();
        await Platform.Sql<object>($"""
            insert into episodes (client_id, id, show_id, title, status, geographic_availability, production_notes, tags, created_at, created_by_kind, updated_at)
            select '{tenant.ClientId}', (left('{oldest}', 14) || '7fff-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '{show}', 'Hippogriff number ' || n, 'draft', '{"{}"}', '{"{}"}', '{"{crowd}"}', now(), 'system', now()
            from generate_series(1, 5000) n
            """);

        var found = (await tenant.Get("/search?q=hippogriff&limit=200")).Expect(HttpStatusCode.OK);

        Assert.That(Ids(found)[0], Is.EqualTo(oldest), "by its name, though 5,000 are newer");
        Assert.That(found.Json["metadata"]!["facets"]!["types"]!.ToJsonString(), Is.EqualTo("""[{"type":"episode","count":500,"is_capped":true}]"""));
        var page = found.Json["metadata"]!["page"]!;
        Assert.That(($"{page["total"]}", $"{page["total_is_capped"]}"), Is.EqualTo(("500", "true")));
        Assert.That(Ids(found)[1].ToString(), Does.EndWith("001388"), "the newest of those that are alike");
    }

    [Test]
    public async Task Scripts_are_found_in_their_active_version_unless_all_are_asked_for()
    {
        var episode = await Made("/episodes", new { Title = "Scripted" });
        await Owner.Put($"/episodes/{episode}/script", new { Text = "The jackalope hides." });
        await Owner.Put($"/episodes/{episode}/script", new { Text = "The hare hides." });
        await Owner.Put($"/episodes/{episode}/trailer/script", new { Text = "A jackalope!" });

        var active = (await Search("q=jackalope")).Data.AsArray();
        var all = (await Search("q=jackalope&versions=all")).Data.AsArray();

        Assert.That(active.Select(hit => hit!["url"]!.GetValue<string>()), Is.EqualTo(new[] { $"/api/v1/episodes/{episode}/trailer/script/versions/1" }));
        Assert.That(all.Select(hit => hit!["url"]!.GetValue<string>()), Is.EquivalentTo(new[] { $"/api/v1/episodes/{episode}/trailer/script/versions/1", $"/api/v1/episodes/{episode}/script/versions/1" }));
        await Owner.Delete($"/episodes/{episode}");
        Assert.That((await Search("q=jackalope&versions=all")).Data.AsArray(), Is.Empty, "in the trash with its episode");
    }

    [Test]
    public async Task What_is_in_the_trash_or_another_tenants_is_never_found()
    {
        var kept = await Made("/episodes", new { Title = "Chupacabra kept" });
        var trashed = await Made("/episodes", new { Title = "Chupacabra trashed", Tags = new[] { "hidden" } });
        await Owner.Delete($"/episodes/{trashed}");
        (await Platform.Stranger.Post("/episodes", new { Title = "Chupacabra abroad" })).Expect(HttpStatusCode.Created);

        foreach (var q in new[] { "chupacabra", "chupac", "chupakabra" }) Assert.That(Ids(await Search($"q={q}")), Is.EqualTo(new[] { kept }), q);
        Assert.That((await Search("q=chupacabra")).Json["metadata"]!["facets"]!["tags"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Only_what_the_caller_may_read_is_found_and_counted()
    {
        var episode = await Made("/episodes", new { Title = "Selkie" });
        await Owner.Put($"/episodes/{episode}/script", new { Text = "Selkie" });
        var clip = await Made("/clips", new { SceneDescription = "Selkie" });
        var blind = await AMember(new() { ["episodes"] = "none" });
        var nobody = await AMember(new() { ["search"] = "none" });

        var found = (await blind.Get("/search?q=selkie")).Expect(HttpStatusCode.OK);

        Assert.That(Ids(found), Is.EqualTo(new[] { clip }), "neither the episode nor its script");
        Assert.That(found.Json["metadata"]!["facets"]!["types"]!.AsArray().Select(type => type!["type"]!.GetValue<string>()), Is.EqualTo(new[] { "clip" }));
        Assert.That((await blind.Get("/search?q=selkie&types=episode,script")).Data.AsArray(), Is.Empty);
        (await nobody.Get("/search?q=selkie")).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Test]
    public async Task What_cannot_be_asked_is_refused_with_the_parameter_that_is_wrong()
    {
        foreach (var (query, field) in new[] { ("", "q"), ("q=", "q"), ("q=%20%20", "q"), ($"q={new string('a', 501)}", "q"), ("q=a&limit=0", "limit"), ("q=a&limit=201", "limit"), ("q=a&versions=old", "versions") })
            Assert.That((await Owner.Get($"/search?{query}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR").Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo(field), query);
        var unknown = (await Owner.Get("/search?q=a&types=clip,epsiode")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_SEARCH_TYPE");
        Assert.That(unknown.Text, Does.Contain("episode").And.Contain("\"types\""));
        (await Owner.Get("/search?q=a&sort=title")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_PARAMETER");
        Assert.That((await Owner.Get("/search?q=a&q=b")).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_PARAMETER").Text, Does.Contain("q is given more than once."));
    }

    [TestCase("!!!")]
    [TestCase("' \\ ) ( & | : *")]
    [TestCase("it's \\")]
    [TestCase("a:* & b")]
    [TestCase("the")]
    [TestCase("-")]
    [TestCase("\"")]
    [TestCase("or")]
    [TestCase("🦄")]
    [TestCase("漢字")]
    [TestCase("https://example.com/a?b=c&d")]
    [TestCase("%_\u0301")]
    public async Task Whatever_is_typed_is_an_answer(string q) => await Search($"q={Uri.EscapeDataString(q)}");

    [Test]
    public async Task Common_words_alone_find_what_is_called_so()
    {
        var made = await Made("/episodes", new { Title = "The Who and the what" });

        Assert.That(Ids(await Search("q=the who and")), Does.Contain(made));
        Assert.That(Ids(await Search($"q={Uri.EscapeDataString("!?")}")), Is.Empty);
    }

    [Test]
    public async Task One_reindex_is_under_way_at_a_time_and_knows_its_types()
    {
        var tenant = await Platform.CreateTenant("reindexed");
        var job = (await tenant.Post("/search/reindex", new { })).Expect(HttpStatusCode.Accepted);

        Assert.That($"{job.Data["type"]} {job.Data["status"]}", Is.EqualTo("SEARCH_REINDEX queued"));
        Assert.That(job.Headers.Location!.OriginalString, Is.EqualTo($"/api/v1/jobs/{job.Id}"));
        (await tenant.Post("/search/reindex", new { Types = new[] { "clip" } })).ExpectProblem(HttpStatusCode.Conflict, "SEARCH_BEING_REINDEXED");
        (await tenant.Post("/search/reindex", new { Types = new[] { "clips" } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_SEARCH_TYPE");
        (await Platform.Stranger.Post("/search/reindex", new { Types = new[] { "clip" } })).Expect(HttpStatusCode.Accepted);
        (await tenant.Post($"/jobs/{job.Id}/cancel")).Expect(HttpStatusCode.OK);
        (await tenant.Post("/search/reindex", new { Types = new[] { "clip" } })).Expect(HttpStatusCode.Accepted);
        var editor = await Platform.CreateKey(tenant, Domain.Access.Role.Editor);
        (await editor.Post("/search/reindex", new { })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Test]
    public async Task Of_many_who_begin_at_once_one_does()
    {
        var tenant = await Platform.CreateTenant("raced");

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tenant.Post("/search/reindex", new { })));

        Assert.That(replies.Count(reply => reply.Status is HttpStatusCode.Accepted), Is.EqualTo(1));
        Assert.That(replies.Where(reply => reply.Status is not HttpStatusCode.Accepted).SelectMany(reply => reply.Codes), Is.All.EqualTo("SEARCH_BEING_REINDEXED"));
        Assert.That(await Platform.Sql<long>($"select count(*) from search_reindexes where client_id = '{tenant.ClientId}'"), Is.EqualTo(1));
    }

    private async Task<Guid> Made(string path, object body) => (await Owner.Post(path, body)).Expect(HttpStatusCode.Created).Id;

    private async Task<Reply> Search(string query) => (await Owner.Get($"/search?{query}")).Expect(HttpStatusCode.OK);

    private async Task<Tenant> AMember(Dictionary<string, string> permissions)
    {
        var email = $"{Guid.NewGuid():n}@example.com";
        (await Owner.Post("/members", new { Email = email, Role = "viewer", Permissions = permissions })).Expect(HttpStatusCode.Created);
        return Tenant.By(Platform, issuer.IdToken(email, email));
    }

    private static Guid[] Ids(Reply found) => [.. found.Data.AsArray().Select(Id)];

    private static Guid Id(JsonNode? hit) => hit!["id"]!.GetValue<Guid>();

    private static string Type(JsonNode? hit) => hit!["type"]!.GetValue<string>();

    private static string[] Told(Reply found) => [.. found.Data.AsArray().Select(hit => $"{hit!["id"]} {hit["reason"]}")];
}
