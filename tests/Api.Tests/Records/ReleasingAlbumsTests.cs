using System.Net;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Records;

/// <summary>What a kind has beyond the frame: columns of its own with a lifecycle, a verb, a rule on what people write, and records made by the way.</summary>
internal sealed class ReleasingAlbumsTests : RecordsFixture
{
    [Test]
    public async Task A_verb_answers_with_the_record_as_it_is_then()
    {
        var album = await AReadyAlbum();

        var released = (await Owner.Post($"/albums/{album}/release")).Expect(HttpStatusCode.OK);

        Assert.That(released.Data["status"]!.GetValue<string>(), Is.EqualTo("released"));
        Assert.That(released.Data["version"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(released.Headers.ETag, Is.EqualTo((await Owner.Get($"/albums/{album}")).Headers.ETag));
        Assert.That(await Changes(released), Is.EqualTo(1));
        Assert.That((await Owner.Get($"/albums?status=released&id={album}")).Data.AsArray(), Has.Count.EqualTo(1));

        (await Owner.Post($"/albums/{album}/withdraw")).Expect(HttpStatusCode.OK);
        var again = (await Owner.Post($"/albums/{album}/release")).Expect(HttpStatusCode.OK);
        Assert.That(again.Data["released_at"]!.ToJsonString(), Is.EqualTo(released.Data["released_at"]!.ToJsonString()), "once for ever");
    }

    [Test]
    public async Task The_lifecycle_and_the_gate_say_every_reason_why_not()
    {
        var album = await AnAlbum();

        var early = (await Owner.Post($"/albums/{album}/release")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ALBUM_NOT_READY");
        Assert.That(early.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EqualTo(new[] { "description", "published_on" }));
        (await Owner.Post($"/albums/{album}/withdraw")).ExpectProblem(HttpStatusCode.Locked, "ALBUM_STATUS_FORBIDS");
        Assert.That(await Changes(early), Is.Zero);
    }

    [Test]
    public async Task What_only_a_use_case_writes_is_not_written_by_people()
    {
        var album = await AReadyAlbum();

        (await Owner.Patch($"/albums/{album}", new { Status = "released", Description = "x" })).Expect(HttpStatusCode.OK);
        await Owner.Post($"/albums/{album}/release");
        var put = (await Owner.Put($"/albums/{album}", (await Owner.Get($"/albums/{album}")).Data)).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/albums/{album}", new { Status = "draft", Description = "y" })).Expect(HttpStatusCode.OK);

        Assert.That(await Changes(put), Is.Zero);
        Assert.That((await Owner.Get($"/albums/{album}")).Data["status"]!.GetValue<string>(), Is.EqualTo("released"), "by its release alone");
    }

    [Test]
    public async Task A_verb_passes_the_gate_of_every_change()
    {
        var album = await AReadyAlbum();
        var viewer = await Platform.CreateKey(Owner, Role.Viewer);
        var editor = await Platform.CreateKey(Owner, Role.Editor);

        (await viewer.Post($"/albums/{album}/release")).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Platform.Stranger.Post($"/albums/{album}/release")).ExpectProblem(HttpStatusCode.NotFound, "ALBUM_NOT_FOUND");
        (await Owner.Post($"/albums/{album}/release", null, ("If-Match", "\"4711-seen\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        await Owner.Delete($"/albums/{album}");
        (await Owner.Post($"/albums/{album}/release")).ExpectProblem(HttpStatusCode.Gone, "ALBUM_IN_TRASH");
        (await editor.Post($"/albums/{album}/release")).ExpectProblem(HttpStatusCode.NotFound, "ALBUM_NOT_FOUND");
    }

    [Test]
    public async Task A_rule_holds_whichever_way_the_fields_come_in()
    {
        var album = await AReadyAlbum();
        await Owner.Post($"/albums/{album}/release");
        var read = (await Owner.Get($"/albums/{album}")).Data;

        (await Owner.Patch($"/albums/{album}", new { Title = $"New {Guid.NewGuid():n}" })).ExpectProblem(HttpStatusCode.Locked, "ALBUM_RELEASED");
        (await Owner.Put($"/albums/{album}", new { Title = $"New {Guid.NewGuid():n}" })).ExpectProblem(HttpStatusCode.Locked, "ALBUM_RELEASED");
        var batch = await Owner.Post("/albums/batch", new { Operations = new[] { new { Op = "update", Id = album, Body = new { Title = $"New {Guid.NewGuid():n}" } } } });
        Assert.That(batch.Data["items"]![0]!["errors"]![0]!["code"]!.GetValue<string>(), Is.EqualTo("ALBUM_RELEASED"));

        (await Owner.Patch($"/albums/{album}", new { Description = "longer" })).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/albums/{album}")).Data["title"]!.GetValue<string>(), Is.EqualTo(read["title"]!.GetValue<string>()));
        await Owner.Post($"/albums/{album}/withdraw");
        (await Owner.Patch($"/albums/{album}", new { Title = $"New {Guid.NewGuid():n}" })).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Of_two_releases_at_once_one_is_told_that_it_is_done()
    {
        var album = await AReadyAlbum();

        var both = await Task.WhenAll(Owner.Post($"/albums/{album}/release"), Owner.Post($"/albums/{album}/release"));

        Assert.That(both.Select(reply => reply.Status), Is.EquivalentTo(new[] { HttpStatusCode.OK, HttpStatusCode.Locked }));
    }

    [Test]
    public async Task A_record_made_by_the_way_is_made_as_any_and_changes_nothing_else()
    {
        var album = await AnAlbum();

        var added = (await Owner.Post($"/albums/{album}/add-first-page")).Expect(HttpStatusCode.OK);

        Assert.That(added.Data["version"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That((await Owner.Get($"/pages?album_id={album}")).Data.AsArray(), Has.Count.EqualTo(1));
        Assert.That(await Changes(added), Is.EqualTo(1));
        (await Owner.Post($"/albums/{album}/add-first-page")).ExpectProblem(HttpStatusCode.Conflict, "PAGE_NUMBER_TAKEN");
        foreach (var (verb, number, code) in new[] { ("add-cover", 0, "VALIDATION_ERROR"), ("add-appendix", 101, "PAGE_BLANK") })
        {
            var byTheWay = (await Owner.Post($"/albums/{album}/{verb}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, code);
            var asAny = (await Owner.Post("/pages", new { AlbumId = album, Number = number })).ExpectProblem(HttpStatusCode.UnprocessableEntity, code);
            Assert.That(byTheWay.Json["errors"]!.ToJsonString(), Is.EqualTo(asAny.Json["errors"]!.ToJsonString()));
        }

        Assert.That((await Owner.Get($"/pages?album_id={album}")).Data.AsArray(), Has.Count.EqualTo(1), "what is refused is not made");
    }

    [Test]
    public async Task What_is_held_cannot_go_and_what_goes_cannot_be_held()
    {
        var album = await AnAlbum();
        await using var rival = new NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using var transaction = await rival.BeginTransactionAsync();
        await using (var trashing = new NpgsqlCommand($"update albums set deleted_at = now() where id = '{album}'", rival, transaction)) await trashing.ExecuteNonQueryAsync();

        var adding = Owner.Post($"/albums/{album}/add-first-page");
        await Eventually.Is("it waits", async () => await Platform.Sql<long>($"select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and query like '%for share%'") > 0);
        await transaction.CommitAsync();

        (await adding).ExpectProblem(HttpStatusCode.NotFound, "ALBUM_NOT_FOUND");
    }

    private async Task<Guid> AReadyAlbum() =>
        (await Owner.Post("/albums", new { Title = $"Album {Guid.NewGuid():n}", Description = "ready", PublishedOn = "2026-07-01" })).Expect(HttpStatusCode.Created).Id;
}
