using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>Scripts of episodes and of their trailers: versions, approvals, differences, search.</summary>
internal sealed class WritingScriptsTests : PlatformFixture
{
    [Test]
    public async Task FR_8_a_script_is_written_as_a_text_or_a_reference_or_both_and_read_in_its_active_version()
    {
        var episode = await AnEpisode();
        (await Owner.Get($"/episodes/{episode}/script")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_NOT_FOUND");

        await Write(episode, new { Text = "One", Author = "Ann Lee", ChangeNotes = "Begun" });
        await Write(episode, new { FileReference = "s3://bucket/scripts/ep_001.fountain", Source = "import" });
        await Write(episode, new { Text = "Three", FileReference = "s3://bucket/scripts/ep_001_v3.fountain" });

        var read = (await Owner.Get($"/episodes/{episode}/script")).Expect(HttpStatusCode.OK).Data;
        Assert.Multiple(() =>
        {
            Assert.That(Said(read), Is.EqualTo("3 of 3: Three"));
            Assert.That(Text(read, "kind"), Is.EqualTo("main"));
            Assert.That(Text(read, "file_reference"), Is.EqualTo("s3://bucket/scripts/ep_001_v3.fountain"));
            Assert.That(Text(read, "approval_status"), Is.EqualTo("approved"));
            Assert.That(Text(read, "source"), Is.EqualTo("manual_upload"));
        });
        var versions = (await Owner.Get($"/episodes/{episode}/script/versions")).Data.AsArray();
        Assert.That(versions.Select(version => $"{version!["number"]} {version["is_active"]} {version["text_length"]} {version["source"]} {version["author"]}"), Is.EqualTo(new[]
        {
            "3 true 5 manual_upload ", "2 false 0 import ", "1 false 3 manual_upload Ann Lee",
        }));
        Assert.That(versions.Any(version => version!.AsObject().ContainsKey("text")), Is.False);
        var first = (await Owner.Get($"/episodes/{episode}/script/versions/1")).Expect(HttpStatusCode.OK).Data;
        Assert.That((Text(first, "text"), Text(first, "change_notes")), Is.EqualTo(("One", "Begun")), "an old version stays as it was written");
        (await Owner.Get($"/episodes/{episode}/script/versions/4")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_VERSION_NOT_FOUND");
        (await Owner.Get($"/episodes/{episode}/script/versions/one")).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_PARAMETER");
    }

    [Test]
    public async Task What_the_active_version_has_already_adds_none()
    {
        var episode = await AnEpisode();
        await Write(episode, new { Text = "One é", FileReference = "s3://scripts-a/b" });

        Assert.That(Said(await Write(episode, new { Text = "One e\u0301", FileReference = "s3://scripts-a/b", ChangeNotes = "None" })), Is.EqualTo("1 of 1: One é"));
        var read = (await Owner.Get($"/episodes/{episode}/script")).Data;
        Assert.That(Said((await Owner.Put($"/episodes/{episode}/script", read)).Expect(HttpStatusCode.OK).Data), Is.EqualTo("1 of 1: One é"), "what was read can be put back");
        Assert.That(Said(await Write(episode, new { Text = "One é" })), Is.EqualTo("2 of 2: One é"), "without the reference it is another");
        Assert.That(Said(await Write(episode, new { Text = "One é", FileReference = "s3://scripts-a/b" })), Is.EqualTo("3 of 3: One é"), "the first is not the active one any more");
    }

    [Test]
    public async Task An_added_version_is_active_when_that_is_asked_for_or_it_is_the_first()
    {
        var episode = await AnEpisode();

        var first = (await Owner.Post($"/episodes/{episode}/script/versions", new { Text = "One" })).Expect(HttpStatusCode.Created);
        Assert.That(first.Headers.Location!.ToString(), Does.EndWith($"/episodes/{episode}/script/versions/1"));
        Assert.That(first.Data["is_active"]!.GetValue<bool>());
        Assert.That((await Add(episode, new { Text = "Two" }))["is_active"]!.GetValue<bool>(), Is.False);
        Assert.That(Said((await Owner.Get($"/episodes/{episode}/script")).Data), Is.EqualTo("1 of 2: One"));
        Assert.That((await Add(episode, new { Text = "Two", Activate = true }))["is_active"]!.GetValue<bool>(), Is.True, "the same as another, and a version of its own");
        Assert.That(Said((await Owner.Get($"/episodes/{episode}/script")).Data), Is.EqualTo("3 of 3: Two"));
    }

    [Test]
    public async Task Any_version_can_be_made_the_active_one()
    {
        var episode = await AnEpisode();
        foreach (var text in new[] { "One", "Two" }) await Write(episode, new { Text = text });

        Assert.That((await Owner.Post($"/episodes/{episode}/script/versions/1/activate")).Expect(HttpStatusCode.OK).Data["is_active"]!.GetValue<bool>());

        Assert.That(Said((await Owner.Get($"/episodes/{episode}/script")).Data), Is.EqualTo("1 of 2: One"));
        (await Owner.Post($"/episodes/{episode}/script/versions/3/activate")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_VERSION_NOT_FOUND");
        (await Owner.Post($"/episodes/{episode}/trailer/script/versions/1/activate")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_NOT_FOUND");
        Assert.That(await Platform.Sql<bool>($"select bool_and(critical) from change_log where entity in ('script', 'script_version') and operation = 'update' and changes ? 'active_version' and client_id = '{Owner.ClientId}'"), "what was active is kept for ever");
    }

    [Test]
    public async Task A_restored_version_is_written_again_as_a_new_one()
    {
        var episode = await AnEpisode();
        await Write(episode, new { Text = "One", FileReference = "s3://scripts-a/1", Author = "Ann Lee", ChangeNotes = "Begun" });
        await Write(episode, new { Text = "Two" });

        var restored = (await Owner.Post($"/episodes/{episode}/script/versions/1/restore")).Expect(HttpStatusCode.OK).Data;

        Assert.That(
            (restored["number"]!.GetValue<int>(), restored["is_active"]!.GetValue<bool>(), Text(restored, "text"), Text(restored, "file_reference"), Text(restored, "author"), Text(restored, "change_notes")),
            Is.EqualTo((3, true, "One", "s3://scripts-a/1", "Ann Lee", "Restored from version 1")));
        Assert.That(Text((await Owner.Get($"/episodes/{episode}/script/versions/1")).Data, "change_notes"), Is.EqualTo("Begun"));
        (await Owner.Post($"/episodes/{episode}/script/versions/9/restore")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_VERSION_NOT_FOUND");
    }

    [Test]
    public async Task Of_many_who_write_at_once_each_has_a_number_of_its_own()
    {
        var episode = await AnEpisode();

        var added = await Task.WhenAll(Enumerable.Range(1, 12).Select(n => Owner.Post($"/episodes/{episode}/script/versions", new { Text = $"Version {n}", Activate = n % 2 == 0 })));

        Assert.That(added.Select(reply => reply.Expect(HttpStatusCode.Created).Data["number"]!.GetValue<int>()).Order(), Is.EqualTo(Enumerable.Range(1, 12)));
        Assert.That((await Owner.Get($"/episodes/{episode}/script/versions")).Data.AsArray().Count(version => version!["is_active"]!.GetValue<bool>()), Is.EqualTo(1));
    }

    [Test]
    public async Task A_script_has_a_hundred_versions_and_no_more()
    {
        var episode = await AnEpisode();
        await Write(episode, new { Text = "Version 1" });
        await Platform.Sql<object>($"""
            insert into script_versions (client_id, id, script_id, number, body, source, created_at, created_by_kind, updated_at)
            select s.client_id, gen_random_uuid(), s.id, n, 'Version ' || n, 'import', now(), 'system', now()
            from scripts s, generate_series(2, 99) n
            where s.episode_id = '{episode}'
            """);
        await Platform.Sql<object>($"update scripts set last_version = 99 where episode_id = '{episode}'");

        Assert.That(Said(await Write(episode, new { Text = "Version 100" })), Is.EqualTo("100 of 100: Version 100"));

        (await Owner.Put($"/episodes/{episode}/script", new { Text = "Version 101" })).ExpectProblem(HttpStatusCode.Conflict, "SCRIPT_VERSION_LIMIT");
        (await Owner.Post($"/episodes/{episode}/script/versions", new { Text = "Version 101" })).ExpectProblem(HttpStatusCode.Conflict, "SCRIPT_VERSION_LIMIT");
        (await Owner.Post($"/episodes/{episode}/script/versions/1/restore")).ExpectProblem(HttpStatusCode.Conflict, "SCRIPT_VERSION_LIMIT");
        (await Owner.Put($"/episodes/{episode}/script", new { Text = "Version 100" })).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/episodes/{episode}/script/versions")).Data.AsArray(), Has.Count.EqualTo(100));
        await Write(episode, new { Text = "The trailer's own" }, "trailer/script");

        (await Owner.Delete($"/episodes/{episode}/script/versions/7")).Expect(HttpStatusCode.OK);
        Assert.That(Said(await Write(episode, new { Text = "Version 101" })), Is.EqualTo("101 of 100: Version 101"), "what lies in the trash makes room");
        (await Owner.Post($"/episodes/{episode}/script/versions/7/restore")).ExpectProblem(HttpStatusCode.Conflict, "SCRIPT_VERSION_LIMIT");
    }

    [Test]
    public async Task The_approval_of_a_version_moves_by_its_own_ways_alone()
    {
        var episode = await AnEpisode();
        foreach (var text in new[] { "One", "Two" }) await Write(episode, new { Text = text });

        string[] moves = ["approve", "unapprove", "reject", "resubmit"];
        foreach (var (allowed, move, becomes) in new[] { ("unapprove", "unapprove", "draft"), ("approve reject", "reject", "rejected"), ("resubmit", "resubmit", "draft"), ("approve reject", "approve", "approved") })
        {
            foreach (var other in moves.Except(allowed.Split(' '))) (await Owner.Post($"/episodes/{episode}/script/versions/1/{other}")).ExpectProblem(HttpStatusCode.Locked, "APPROVAL_FORBIDS");
            Assert.That(Text((await Owner.Post($"/episodes/{episode}/script/versions/1/{move}")).Expect(HttpStatusCode.OK).Data, "approval_status"), Is.EqualTo(becomes));
        }

        Assert.That(Text((await Owner.Get($"/episodes/{episode}/script")).Data, "approval_status"), Is.EqualTo("approved"), "that of the other version");
        (await Owner.Post($"/episodes/{episode}/script/versions/3/unapprove")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_VERSION_NOT_FOUND");
    }

    [Test]
    public async Task Who_saw_the_script_before_it_changed_writes_nothing()
    {
        var episode = await AnEpisode();
        await Write(episode, new { Text = "One" });
        var seen = (await Owner.Get($"/episodes/{episode}/script")).Headers.ETag!.Tag;
        await Add(episode, new { Text = "Another's" });

        (await Owner.Put($"/episodes/{episode}/script", new { Text = "Two" }, ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await Owner.Put($"/episodes/{episode}/trailer/script", new { Text = "Two" }, ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");

        (await Owner.Get($"/episodes/{episode}/trailer/script")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_NOT_FOUND");
    }

    [Test]
    public async Task FR_8_the_trailers_script_stands_beside_the_episodes()
    {
        var episode = await AnEpisode();
        await Write(episode, new { Text = "The whole" });
        await Write(episode, new { Text = "The trailer" }, "trailer/script");
        await Write(episode, new { Text = "The trailer, shorter" }, "trailer/script");

        var (main, trailer) = ((await Owner.Get($"/episodes/{episode}/script")).Data, (await Owner.Get($"/episodes/{episode}/trailer/script")).Data);

        Assert.That((Said(main), Text(main, "kind")), Is.EqualTo(("1 of 1: The whole", "main")));
        Assert.That((Said(trailer), Text(trailer, "kind")), Is.EqualTo(("2 of 2: The trailer, shorter", "trailer")));
    }

    [TestCase("lines", "A\nB\nC\n", "A\nB2\nC\nD", "=A\n|-B\n|+B2\n|=C\n|+D")]
    [TestCase("words", "A wardrobe a week.\nEnd.", "A black wardrobe a day.\nEnd.", "=A |+black |=wardrobe a |-week.\n|+day.\n|=End.")]
    [TestCase("words", "  The é dress", "  The 👗 dress", "=  The |-é |+👗 |=dress")]
    [TestCase("lines", "Same\r\nas\rever", "Same\r\nas\rever", "=Same\r\nas\rever")]
    [TestCase("lines", "Gone", "Come", "-Gone|+Come")]
    public async Task Two_versions_differ_by_lines_or_by_words(string by, string from, string to, string expected)
    {
        var episode = await AnEpisode();
        foreach (var text in new[] { from, to }) await Add(episode, new { Text = text });

        var diff = (await Owner.Get($"/episodes/{episode}/script/diff?from=1&to=2&by={by}")).Expect(HttpStatusCode.OK).Data;

        Assert.That(string.Join('|', Chunks(diff).Select(chunk => (chunk.Kind switch { "equal" => '=', "inserted" => '+', _ => '-' }) + chunk.Text)), Is.EqualTo(expected));
    }

    [Test]
    public async Task What_differs_makes_up_both_texts_to_the_character()
    {
        var random = new Random(8);
        var episode = await AnEpisode();
        var texts = Enumerable.Range(0, 8).Select(_ => "S" + string.Concat(Enumerable.Range(0, 60).Select(_ => new[] { "a", "b", " ", "\n", "\r\n", "é", "\t" }[random.Next(7)]))).ToArray();
        foreach (var text in texts) await Add(episode, new { Text = text });

        foreach (var by in new[] { "lines", "words" })
        {
            for (var (from, to) = (1, 8); from <= 8; from++, to--)
            {
                var chunks = Chunks((await Owner.Get($"/episodes/{episode}/script/diff?from={from}&to={to}&by={by}")).Expect(HttpStatusCode.OK).Data);
                Assert.That(string.Concat(chunks.Where(chunk => chunk.Kind != "inserted").Select(chunk => chunk.Text)), Is.EqualTo(texts[from - 1]));
                Assert.That(string.Concat(chunks.Where(chunk => chunk.Kind != "deleted").Select(chunk => chunk.Text)), Is.EqualTo(texts[to - 1]));
                Assert.That(chunks.Zip(chunks.Skip(1)).Any(pair => pair.First.Kind == pair.Second.Kind), Is.False, "neighbours of a kind are one");
            }
        }
    }

    [Test]
    public async Task A_diff_without_numbers_is_of_the_active_version_and_the_one_before()
    {
        var episode = await AnEpisode();
        foreach (var text in new[] { "One", "Two", "Three" }) await Write(episode, new { Text = text });
        await Owner.Post($"/episodes/{episode}/script/versions/2/activate");

        Assert.That(Numbers((await Owner.Get($"/episodes/{episode}/script/diff")).Data), Is.EqualTo("1 2"));
        Assert.That(Numbers((await Owner.Get($"/episodes/{episode}/script/diff?to=3")).Data), Is.EqualTo("2 3"));
        Assert.That(Numbers((await Owner.Get($"/episodes/{episode}/script/diff?from=3")).Data), Is.EqualTo("3 2"));
        var missing = (await Owner.Get($"/episodes/{episode}/script/diff?from=7&to=9")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SCRIPT_VERSION_NOT_FOUND");
        Assert.That(Fields(missing), Is.EquivalentTo(new[] { "from", "to" }));
        Assert.That(Fields((await Owner.Get($"/episodes/{episode}/script/diff?by=pages")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR")), Is.EqualTo(new[] { "by" }));

        static string Numbers(JsonNode diff) => $"{diff["from"]} {diff["to"]}";
    }

    [Test]
    public async Task A_diff_of_too_much_is_refused_and_of_a_long_text_with_a_small_change_is_not()
    {
        var episode = await AnEpisode();
        var words = Enumerable.Range(0, 30_000).Select(n => $"w{n}").ToArray();
        await Add(episode, new { Text = string.Join(' ', words) });
        await Add(episode, new { Text = string.Join(' ', words.Select((word, n) => n == 15_000 ? "changed" : word)) });
        await Add(episode, new { Text = string.Join(' ', words.Select(word => word + "x")) });
        await Add(episode, new { Text = string.Join('\n', words.Take(4_990)) });
        await Add(episode, new { Text = string.Join('\n', words.Take(4_990).Select(word => word + "y")) });

        Assert.That(Chunks((await Owner.Get($"/episodes/{episode}/script/diff?from=1&to=2&by=words")).Expect(HttpStatusCode.OK).Data), Has.Length.EqualTo(4));
        (await Owner.Get($"/episodes/{episode}/script/diff?from=1&to=3&by=words")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "DIFF_TOO_LARGE");
        Assert.That(Chunks((await Owner.Get($"/episodes/{episode}/script/diff?from=4&to=5")).Expect(HttpStatusCode.OK).Data), Has.Length.EqualTo(2), "the most that is compared");
    }

    [Test]
    public async Task Texts_are_found_by_their_words_in_active_versions_or_in_all()
    {
        var (episode, other, trashed) = (await AnEpisode("Quartzite evenings"), await AnEpisode(), await AnEpisode());
        await Write(episode, new { Text = "ANN opens a quartzite box. Tom & Jerry <laughing>." });
        await Write(episode, new { Text = "ANN shuts the door." });
        await Write(other, new { Text = "Quartzites of 2026, a quartzite box" }, "trailer/script");
        await Write(trashed, new { Text = "Quartzite in the bin" });
        await Owner.Delete($"/episodes/{trashed}");
        await Platform.Stranger.Put($"/episodes/{(await Platform.Stranger.Post("/episodes", new { Title = "Theirs" })).Id}/script", new { Text = "Their quartzite" });

        var active = (await Owner.Get("/scripts/search?q=quartzite")).Expect(HttpStatusCode.OK).Data.AsArray();
        Assert.That(active.Select(Place), Is.EqualTo(new[] { $"{other} trailer 1" }));
        Assert.That(Text(active[0]!, "highlights"), Is.EqualTo("<mark>Quartzites</mark> of 2026, a <mark>quartzite</mark> box"));
        var all = (await Owner.Get("/scripts/search?q=quartzite&all_versions=true")).Data.AsArray();
        Assert.That(all.Select(Place), Is.EqualTo(new[] { $"{other} trailer 1", $"{episode} main 1" }), "the best first");
        Assert.That(Text(all[1]!, "episode_title"), Is.EqualTo("Quartzite evenings"));
        Assert.That(all[1]!["is_active"]!.GetValue<bool>(), Is.False);
        Assert.That(Text(all[1]!, "highlights"), Is.EqualTo("ANN opens a <mark>quartzite</mark> box. Tom &amp; Jerry &lt;laughing"), "as HTML, to the last word");
        foreach (var (query, places) in new[] { ("quartzite -laughing", 1), ("\"quartzite box\" laughing", 1), ("laughing tom", 1), ("quartzite&limit=1", 1), ("zebra", 0), ("---", 0) })
            Assert.That((await Owner.Get($"/scripts/search?all_versions=true&q={query.Replace("\"", "%22", StringComparison.Ordinal)}")).Expect(HttpStatusCode.OK).Data.AsArray(), Has.Count.EqualTo(places), query);
        Assert.That(Fields((await Owner.Get("/scripts/search?limit=51")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR")), Is.EquivalentTo(new[] { "q", "limit" }));

        static string Place(JsonNode? found) => $"{found!["episode_id"]} {found["kind"]} {found["number"]}";
    }

    [Test]
    public async Task All_that_is_wrong_with_a_version_is_said_at_once_with_its_fields()
    {
        var episode = await AnEpisode();
        var (author, notes, reference) = (new string('a', 201), new string('n', 5_001), new string('r', 2_001));

        foreach (var refused in new[]
                 {
                     await Owner.Put($"/episodes/{episode}/script", new { Author = author, ChangeNotes = notes }),
                     await Owner.Post($"/episodes/{episode}/script/versions", new { Text = "", Author = author, ChangeNotes = notes }),
                     await Owner.Put($"/episodes/{episode}/script", new { Text = new string('é', (1 << 19) + 1), Author = author, ChangeNotes = notes }),
                 })
            Assert.That(Fields(refused.ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR")), Is.EquivalentTo(new[] { "text", "author", "change_notes" }));
        foreach (var nowhere in new[] { "", "nope", "javascript:alert(1)" })
            Assert.That(Fields((await Owner.Put($"/episodes/{episode}/script", new { Text = "One", FileReference = nowhere })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR")), Is.EqualTo(new[] { "file_reference" }));
        Assert.That(Fields((await Owner.Patch($"/episodes/{episode}", new { Content = new { Script = "   " } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR")), Is.EqualTo(new[] { "content.script" }));
        Assert.That(Fields((await Owner.Put($"/episodes/{episode}/script", new { FileReference = reference })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR")), Is.EqualTo(new[] { "file_reference" }));
        Assert.That(Fields((await Owner.Put($"/episodes/{episode}/script", new { Text = 1, Source = "dictated" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR")), Is.EquivalentTo(new[] { "text", "source" }));
        Assert.That(Fields((await Owner.Put($"/episodes/{episode}/script", new { Text = "One", Active = true })).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD")), Is.EqualTo(new[] { "active" }));
        (await Owner.Get($"/episodes/{episode}/script")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_NOT_FOUND");
    }

    [Test]
    public async Task A_text_of_a_mebibyte_is_kept_to_the_character_and_searched_also_when_each_word_is_another()
    {
        var episode = await AnEpisode();
        var text = string.Join(' ', Enumerable.Range(0, 170_000).Select(n => $"{n:x5}"));
        text += new string('"', (1 << 20) - text.Length);

        await Write(episode, new { Text = text });

        Assert.That(Text((await Owner.Get($"/episodes/{episode}/script")).Data, "text"), Is.EqualTo(text));
        Assert.That((await Owner.Get("/scripts/search?q=00abc")).Data.AsArray().Select(found => Text(found!, "episode_id")), Is.EqualTo(new[] { episode.ToString() }));
    }

    [Test]
    public async Task Texts_of_any_script_are_kept_and_found()
    {
        var episode = await AnEpisode("Übergrößen");
        await Write(episode, new { Text = "Ánn trägt Übergrößen 👗\u200d🔥 — 日本語 שלום\n\tEnde.", Author = "Zoë", ChangeNotes = "Ю" });

        var read = (await Owner.Get($"/episodes/{episode}/script")).Data;
        Assert.That((Text(read, "text"), Text(read, "author"), Text(read, "change_notes")), Is.EqualTo(("Ánn trägt Übergrößen 👗\u200d🔥 — 日本語 שלום\n\tEnde.", "Zoë", "Ю")));
        foreach (var word in new[] { "ubergrossen", "日本語", "שלום", "A\u0301nn Übergrößen" })
            Assert.That((await Owner.Get($"/scripts/search?q={Uri.EscapeDataString(word)}")).Data.AsArray().Select(found => Text(found!, "episode_id")), Is.EqualTo(new[] { episode.ToString() }), word);
        (await Owner.Send(HttpMethod.Put, $"/episodes/{episode}/script", new StringContent("""{"text": "A\u0000B"}""", System.Text.Encoding.UTF8, "application/json"))).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_TEXT");
    }

    [Test]
    public async Task At_an_episode_in_the_trash_nothing_is_read_or_written()
    {
        var episode = await AnEpisode();
        await Write(episode, new { Text = "One" });
        await Owner.Delete($"/episodes/{episode}");

        await EachIs(await Platform.CreateKey(Owner, Role.Admin), HttpStatusCode.Gone, "EPISODE_IN_TRASH");
        await EachIs(await Platform.CreateKey(Owner, Role.Editor), HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");
        await EachIs(Platform.Stranger, HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");

        (await Owner.Post($"/episodes/{episode}/restore")).Expect(HttpStatusCode.OK);
        Assert.That(Said((await Owner.Get($"/episodes/{episode}/script")).Data), Is.EqualTo("1 of 1: One"));

        async Task EachIs(Tenant caller, HttpStatusCode status, string code)
        {
            var path = $"/episodes/{episode}/script";
            foreach (var read in new[] { "", "/versions", "/versions/1", "/diff" }) (await caller.Get(path + read)).ExpectProblem(status, code);
            foreach (var verb in new[] { "activate", "approve", "unapprove", "reject", "resubmit", "restore" }) (await caller.Post($"{path}/versions/1/{verb}")).ExpectProblem(status, code);
            (await caller.Put(path, new { Text = "Two" })).ExpectProblem(status, code);
            (await caller.Post($"{path}/versions", new { Text = "Two" })).ExpectProblem(status, code);
            foreach (var deleted in new[] { path, $"{path}?purge=true", $"{path}/versions/1", $"{path}/versions/1?purge=true" }) (await caller.Delete(deleted)).ExpectProblem(status, code);
        }
    }

    [Test]
    public async Task Scripts_go_with_an_episode_that_is_purged()
    {
        var episode = await AnEpisode();
        await Write(episode, new { Text = "One" });

        (await Owner.Delete($"/episodes/{episode}?purge=true")).Expect(HttpStatusCode.OK);

        Assert.That(await Platform.Sql<long>($"select count(*) from scripts where episode_id = '{episode}'"), Is.Zero);
    }

    private async Task<Guid> AnEpisode(string title = "An episode") => (await Owner.Post("/episodes", new { Title = title })).Expect(HttpStatusCode.Created).Id;

    private async Task<JsonNode> Write(Guid episode, object body, string script = "script") => (await Owner.Put($"/episodes/{episode}/{script}", body)).Expect(HttpStatusCode.OK).Data;

    private async Task<JsonNode> Add(Guid episode, object body) => (await Owner.Post($"/episodes/{episode}/script/versions", body)).Expect(HttpStatusCode.Created).Data;

    private static string Said(JsonNode script) => $"{script["number"]} of {script["versions"]}: {script["text"]}";

    private static (string Kind, string Text)[] Chunks(JsonNode diff) => [.. diff["chunks"]!.AsArray().Select(chunk => (Text(chunk!, "kind"), Text(chunk!, "text")))];

    private static string[] Fields(Reply refused) => [.. refused.Json["errors"]!.AsArray().Select(error => Text(error!, "field"))];

    private static string Text(JsonNode of, string field) => of[field]!.GetValue<string>();
}
