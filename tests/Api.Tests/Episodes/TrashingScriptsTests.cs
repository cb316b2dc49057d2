using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>The trash of scripts and of their versions.</summary>
internal sealed class TrashingScriptsTests : PlatformFixture
{
    [Test]
    public async Task S3_8_6_a_script_in_the_trash_is_hidden_and_comes_back_with_its_versions()
    {
        var (admin, editor) = (await Platform.CreateKey(Owner, Role.Admin), await Platform.CreateKey(Owner, Role.Editor));
        var script = $"/episodes/{await AnEpisode()}/script";
        foreach (var text in new[] { "Zeppelin one", "Zeppelin two" }) await Write(script, text);
        var id = (await Owner.Get(script)).Id;

        var deleted = (await editor.Delete($"{script}?reason=begun%20anew")).Expect(HttpStatusCode.OK).Data;

        Assert.That((int)deleted["versions"]!, Is.EqualTo(2));
        (await admin.Delete(script)).ExpectProblem(HttpStatusCode.Gone, "SCRIPT_IN_TRASH");
        (await admin.Post($"{script}/versions/1/activate")).ExpectProblem(HttpStatusCode.Gone, "SCRIPT_IN_TRASH");
        foreach (var path in new[] { script, $"{script}?include_deleted=true", $"{script}/versions", $"{script}/versions/1", $"{script}/diff" })
            (await editor.Get(path)).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_NOT_FOUND");
        (await admin.Get(script)).ExpectProblem(HttpStatusCode.Gone, "SCRIPT_IN_TRASH");
        var hidden = (await admin.Get($"{script}?include_deleted=true")).Expect(HttpStatusCode.OK).Data;
        Assert.That((Said(hidden), (string?)hidden["deleted_reason"], hidden["deleted_at"] is not null, hidden["deleted_by"] is not null), Is.EqualTo(("2 of 2: Zeppelin two", "begun anew", true, true)));
        Assert.That(await Found("zeppelin"), Is.Empty);
        Assert.That((await Owner.Get(script.Replace("/script", "", StringComparison.Ordinal))).Data["content"]!["script"], Is.Null);

        (await editor.Post($"{script}/restore")).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        Assert.That(Said((await admin.Post($"{script}/restore")).Expect(HttpStatusCode.OK).Data), Is.EqualTo("2 of 2: Zeppelin two"));
        (await admin.Post($"{script}/restore")).ExpectProblem(HttpStatusCode.Locked, "SCRIPT_NOT_IN_TRASH");
        Assert.That(await Found("zeppelin"), Has.Length.EqualTo(1));
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity = 'script' and entity_id = '{id}' and changes ? 'deleted_at'"), Is.EqualTo(2), "going there and coming back");
    }

    [Test]
    public async Task Beside_a_script_in_the_trash_another_is_begun_and_the_last_of_them_comes_back()
    {
        var script = $"/episodes/{await AnEpisode()}/script";
        await Write(script, "The first");
        (await Owner.Delete(script)).Expect(HttpStatusCode.OK);
        Assert.That(Said(await Write(script, "The second")), Is.EqualTo("1 of 1: The second"));
        (await Owner.Post($"{script}/restore")).ExpectProblem(HttpStatusCode.Conflict, "RESTORE_CONFLICTS");
        (await Owner.Delete(script)).Expect(HttpStatusCode.OK);

        Assert.That(Said((await Owner.Post($"{script}/restore")).Expect(HttpStatusCode.OK).Data), Is.EqualTo("1 of 1: The second"));
        var purged = (await Owner.Delete($"{script}?purge=true")).Expect(HttpStatusCode.OK).Data;
        Assert.That((int)purged["versions"]!, Is.EqualTo(1));
        Assert.That((string?)(await Owner.Get($"/purge-receipts/{purged["receipt_id"]}")).Expect(HttpStatusCode.OK).Data["entity"], Is.EqualTo("script"));
        (await Owner.Delete($"{script}?purge=true")).ExpectProblem(HttpStatusCode.Gone, "SCRIPT_IN_TRASH");
        Assert.That(Said((await Owner.Post($"{script}/restore")).Expect(HttpStatusCode.OK).Data), Is.EqualTo("1 of 1: The first"), "the second is gone for good, and a purge that is sent again takes no other");
        var first = (await Owner.Delete(script)).Expect(HttpStatusCode.OK).Id;
        await Write(script, "The third");
        var elsewhere = $"/episodes/{await AnEpisode()}/script";
        (await Owner.Delete($"{elsewhere}?purge=true&script_id={first}")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_NOT_FOUND");
        (await Owner.Delete($"{script}?purge=true&script_id={first}")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"{script}?purge=true&script_id={first}")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_NOT_FOUND");
        Assert.That(Said((await Owner.Get(script)).Data), Is.EqualTo("1 of 1: The third"));
        (await Owner.Delete($"{script}?purge=true")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"{script}/restore")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_NOT_FOUND");
    }

    [Test]
    public async Task S3_8_6_a_version_in_the_trash_is_hidden_and_comes_back_by_its_number()
    {
        var (admin, editor) = (await Platform.CreateKey(Owner, Role.Admin), await Platform.CreateKey(Owner, Role.Editor));
        var script = $"/episodes/{await AnEpisode()}/script";
        foreach (var text in new[] { "Cormorant one", "Cormorant two", "Three" }) await Write(script, text);

        (await editor.Delete($"{script}/versions/3")).ExpectProblem(HttpStatusCode.Locked, "SCRIPT_VERSION_ACTIVE");
        (await editor.Delete($"{script}/versions/2?reason=a%20slip")).Expect(HttpStatusCode.OK);

        Assert.That(await Numbers(editor, $"{script}/versions"), Is.EqualTo(new[] { 3, 1 }));
        Assert.That(await Numbers(editor, $"{script}/versions?include_deleted=true"), Is.EqualTo(new[] { 3, 1 }));
        Assert.That(await Numbers(admin, $"{script}/versions?include_deleted=true"), Is.EqualTo(new[] { 3, 2, 1 }));
        Assert.That(Said((await Owner.Get(script)).Data), Is.EqualTo("3 of 2: Three"));
        Assert.That(await Found("cormorant", "&all_versions=true"), Is.EqualTo(new[] { 1 }));
        (await editor.Get($"{script}/diff?from=2&to=3")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SCRIPT_VERSION_NOT_FOUND");
        await Each(editor, HttpStatusCode.NotFound, "SCRIPT_VERSION_NOT_FOUND");
        (await editor.Post($"{script}/versions/2/restore")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_VERSION_NOT_FOUND");
        await Each(admin, HttpStatusCode.Gone, "SCRIPT_VERSION_IN_TRASH");
        Assert.That((string?)(await admin.Get($"{script}/versions/2?include_deleted=true")).Expect(HttpStatusCode.OK).Data["deleted_reason"], Is.EqualTo("a slip"));

        var back = (await admin.Post($"{script}/versions/2/restore")).Expect(HttpStatusCode.OK).Data;
        Assert.That(((int)back["number"]!, (bool)back["is_active"]!, (string?)back["text"]), Is.EqualTo((2, false, "Cormorant two")), "the same one, and no new one");
        Assert.That(await Numbers(editor, $"{script}/versions"), Is.EqualTo(new[] { 3, 2, 1 }));

        async Task Each(Tenant caller, HttpStatusCode status, string code)
        {
            (await caller.Get($"{script}/versions/2")).ExpectProblem(status, code);
            (await caller.Delete($"{script}/versions/2")).ExpectProblem(status, code);
            foreach (var verb in new[] { "activate", "approve", "unapprove", "reject", "resubmit" }) (await caller.Post($"{script}/versions/2/{verb}")).ExpectProblem(status, code);
        }
    }

    [Test]
    public async Task The_number_of_a_purged_version_is_not_given_again()
    {
        var script = $"/episodes/{await AnEpisode()}/script";
        foreach (var text in new[] { "One", "Two" }) await Write(script, text);
        (await Owner.Post($"{script}/versions/1/activate")).Expect(HttpStatusCode.OK);

        (await Owner.Delete($"{script}/versions/2?purge=true")).Expect(HttpStatusCode.OK);

        Assert.That(Said(await Write(script, "Three")), Is.EqualTo("3 of 2: Three"));
        (await Owner.Get($"{script}/versions/2?include_deleted=true")).ExpectProblem(HttpStatusCode.NotFound, "SCRIPT_VERSION_NOT_FOUND");
    }

    [Test]
    public async Task An_editor_purges_within_the_hour_what_nobody_else_wrote_in()
    {
        var (ann, bob) = (await Platform.CreateKey(Owner, Role.Editor), await Platform.CreateKey(Owner, Role.Editor));
        var (own, shared) = ($"/episodes/{await AnEpisode()}/script", $"/episodes/{await AnEpisode()}/script");
        foreach (var script in new[] { own, shared }) (await ann.Put(script, new { Text = "One" })).Expect(HttpStatusCode.OK);
        (await bob.Put(shared, new { Text = "Two" })).Expect(HttpStatusCode.OK);

        (await bob.Delete($"{own}?purge=true")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        (await ann.Delete($"{shared}?purge=true")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        (await bob.Delete($"{shared}/versions/1?purge=true")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        (await ann.Delete($"{shared}/versions/1?purge=true")).Expect(HttpStatusCode.OK);
        (await ann.Delete($"{own}?purge=true")).Expect(HttpStatusCode.OK);

        Assert.That(Said((await Owner.Get(shared)).Data), Is.EqualTo("2 of 1: Two"));
    }

    [Test]
    public async Task Scripts_go_to_the_trash_with_their_episode_and_come_back_with_it()
    {
        var episode = await AnEpisode();
        await Write($"/episodes/{episode}/script", "The old one");
        (await Owner.Delete($"/episodes/{episode}/script")).Expect(HttpStatusCode.OK);
        await Write($"/episodes/{episode}/script", "Main");
        await Write($"/episodes/{episode}/trailer/script", "Trailer");

        Assert.That((int)(await Owner.Delete($"/episodes/{episode}")).Expect(HttpStatusCode.OK).Data["scripts"]!, Is.EqualTo(2));
        (await Owner.Post($"/episodes/{episode}/restore")).Expect(HttpStatusCode.OK);

        foreach (var (path, said) in new[] { ("script", "1 of 1: Main"), ("trailer/script", "1 of 1: Trailer") })
            Assert.That(Said((await Owner.Get($"/episodes/{episode}/{path}")).Expect(HttpStatusCode.OK).Data), Is.EqualTo(said));
    }

    [Test]
    public async Task Who_has_seen_another_state_deletes_nothing()
    {
        var script = $"/episodes/{await AnEpisode()}/script";
        await Write(script, "One");
        var (seen, first) = ((await Owner.Get(script)).Headers.ETag!.Tag, (await Owner.Get($"{script}/versions/1")).Headers.ETag!.Tag);
        await Write(script, "Two");
        (await Owner.Post($"{script}/versions/1/unapprove")).Expect(HttpStatusCode.OK);

        foreach (var query in new[] { "", "?purge=true" })
        {
            (await Owner.Delete(script + query, ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
            (await Owner.Delete($"{script}/versions/1{query}", ("If-Match", first))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        }

        foreach (var verb in new[] { "activate", "approve", "unapprove", "reject", "resubmit", "restore" })
            (await Owner.Post($"{script}/versions/1/{verb}", body: null, ("If-Match", first))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await Owner.Delete($"{script}?reason={new string('x', 501)}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(await Numbers(Owner, $"{script}/versions"), Is.EqualTo(new[] { 2, 1 }));
    }

    [Test]
    public async Task S3_8_11_who_first_approved_a_version_is_kept()
    {
        var another = await Platform.CreateKey(Owner, Role.Editor);
        var script = $"/episodes/{await AnEpisode()}/script";
        await Write(script, "One");
        (await Owner.Post($"{script}/versions/1/unapprove")).Expect(HttpStatusCode.OK);

        var first = (await Owner.Post($"{script}/versions/1/approve")).Expect(HttpStatusCode.OK).Data;
        (await another.Post($"{script}/versions/1/unapprove")).Expect(HttpStatusCode.OK);
        var again = (await another.Post($"{script}/versions/1/approve")).Expect(HttpStatusCode.OK).Data;

        Assert.That((string?)again["original_approver"], Is.Not.Null.And.EqualTo((string?)first["original_approver"]));
        Assert.That((DateTimeOffset)again["approved_at"]!, Is.GreaterThan((DateTimeOffset)first["approved_at"]!));
    }

    [Test]
    public async Task Of_a_deletion_and_an_activation_at_once_one_comes_first()
    {
        for (var round = 0; round < 8; round++)
        {
            var script = $"/episodes/{await AnEpisode()}/script";
            await Write(script, "One");
            await Write(script, "Two");

            var both = await Task.WhenAll(Owner.Delete($"{script}/versions/1"), Owner.Post($"{script}/versions/1/activate"));

            var refused = both.Where(reply => (int)reply.Status >= 400).ToArray();
            Assert.That(refused, Has.Length.EqualTo(1), "deleted, or active");
            refused[0].ExpectProblem(both[0] == refused[0] ? HttpStatusCode.Locked : HttpStatusCode.Gone, both[0] == refused[0] ? "SCRIPT_VERSION_ACTIVE" : "SCRIPT_VERSION_IN_TRASH");
        }
    }

    [TestCase("restore", "restore", "OK, Locked SCRIPT_NOT_IN_TRASH", "1 of 1: Once")]
    [TestCase("restore", "purge", "(OK|NotFound SCRIPT_NOT_FOUND), OK", "NotFound SCRIPT_NOT_FOUND")]
    [TestCase("purge", "restore", "OK, NotFound SCRIPT_NOT_FOUND", "NotFound SCRIPT_NOT_FOUND")]
    [TestCase("write", "purge", "(OK|NotFound SCRIPT_NOT_FOUND), OK", "NotFound SCRIPT_NOT_FOUND")]
    [TestCase("purge", "write", "OK, OK", "1 of 1: Again")]
    [TestCase("write", "delete", "(OK|Gone SCRIPT_IN_TRASH), OK", "Gone SCRIPT_IN_TRASH")]
    [TestCase("delete", "write", "OK, OK", "1 of 1: Again")]
    public async Task Of_two_that_wait_for_one_script_the_second_sees_what_the_first_did(string first, string second, string answers, string after)
    {
        var script = $"/episodes/{await AnEpisode()}/script";
        await Write(script, "Once");
        var id = (await Owner.Get(script)).Id;
        if (first is "restore" || second is "restore") (await Owner.Delete(script)).Expect(HttpStatusCode.OK);
        await using var rival = new NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using var holding = await rival.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"select from scripts where id = '{id}' for update", rival, holding)) await hold.ExecuteNonQueryAsync();

        var sent = new List<Task<Reply>>();
        foreach (var verb in new[] { first, second })
        {
            sent.Add(verb switch
            {
                "restore" => Owner.Post($"{script}/restore"),
                "purge" => Owner.Delete($"{script}?purge=true&script_id={id}"),
                "delete" => Owner.Delete(script),
                _ => Owner.Put(script, new { Text = "Again" }),
            });
            await Eventually.Is("it waits", async () =>
                await Platform.Sql<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%from scripts%'") == sent.Count);
        }

        await holding.RollbackAsync();
        var replies = await Task.WhenAll(sent);
        var reread = await Owner.Get(script);

        Assert.That(string.Join(", ", replies.Select(Told)), Does.Match($"^{answers}$"), "what was written is read back for its answer, and may be gone by then");
        Assert.That(reread.Status is HttpStatusCode.OK ? Said(reread.Data) : Told(reread), Is.EqualTo(after));

        static string Told(Reply reply) => $"{reply.Status} {(reply.Status is HttpStatusCode.OK ? "" : string.Join(" ", reply.Codes))}".Trim();
    }

    private async Task<Guid> AnEpisode() => (await Owner.Post("/episodes", new { Title = "An episode" })).Expect(HttpStatusCode.Created).Id;

    private async Task<JsonNode> Write(string script, string text) => (await Owner.Put(script, new { Text = text })).Expect(HttpStatusCode.OK).Data;

    private async Task<int[]> Found(string word, string more = "") =>
        [.. (await Owner.Get($"/scripts/search?q={word}{more}")).Expect(HttpStatusCode.OK).Data.AsArray().Select(found => (int)found!["number"]!)];

    private static async Task<int[]> Numbers(Tenant caller, string path) => [.. (await caller.Get(path)).Expect(HttpStatusCode.OK).Data.AsArray().Select(version => (int)version!["number"]!)];

    private static string Said(JsonNode script) => $"{script["number"]} of {script["versions"]}: {script["text"]}";
}
