using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Records;

internal sealed class KeepingRecordsTests : RecordsFixture
{
    [Test]
    public async Task One_is_made_read_and_listed_as_it_was_given()
    {
        var made = (await Owner.Post("/albums", new { Title = "E\u0301te\u0301", PublishedOn = "2026-07-01", Tags = new[] { "sea", "sea", "sun" }, CustomFields = new { Mood = "cozy" } })).Expect(HttpStatusCode.Created);

        Assert.That(made.Headers.Location!.ToString(), Is.EqualTo($"/api/v1/albums/{made.Id}"));
        var read = await Owner.Get($"/albums/{made.Id}");
        Assert.That(read.Data["title"]!.GetValue<string>(), Is.EqualTo("Été"), "composed");
        Assert.That(read.Data["published_on"]!.GetValue<string>(), Is.EqualTo("2026-07-01"));
        Assert.That(read.Data["tags"]!.ToJsonString(), Is.EqualTo("""["sea","sun"]"""));
        Assert.That(read.Headers.ETag, Is.EqualTo(made.Headers.ETag));
        Assert.That((await Owner.Get($"/albums?custom_fields.mood=cozy&id={made.Id}")).Data.AsArray(), Has.Count.EqualTo(1));
        Assert.That(await Changes(made), Is.EqualTo(1));
    }

    [Test]
    public async Task What_was_read_can_be_put_back_and_changes_nothing()
    {
        var album = await AnAlbum();
        var read = await Owner.Get($"/albums/{album}");

        var put = await Owner.Put($"/albums/{album}", read.Data);

        Assert.That(put.Expect(HttpStatusCode.OK).Headers.ETag, Is.EqualTo(read.Headers.ETag));
        Assert.That(await Changes(put), Is.Zero);
    }

    [Test]
    public async Task A_put_replaces_and_a_patch_merges()
    {
        var album = (await Owner.Post("/albums", new { Title = $"P {Guid.NewGuid():n}", Description = "long", CustomFields = new { A = new { B = 1, C = 2 }, D = 3 } })).Id;

        var patched = await Owner.Patch($"/albums/{album}", new { CustomFields = new { A = new { B = (int?)null, E = 5 } }, Tags = new[] { "x" } });
        Assert.That(patched.Expect(HttpStatusCode.OK).Data["custom_fields"]!.ToJsonString(), Is.EqualTo("""{"a":{"c":2,"e":5},"d":3}"""));
        Assert.That(patched.Data["description"]!.GetValue<string>(), Is.EqualTo("long"));

        var put = await Owner.Put($"/albums/{album}", new { Title = $"Q {Guid.NewGuid():n}" });
        Assert.That(put.Expect(HttpStatusCode.OK).Data["description"], Is.Null);
        Assert.That(put.Data["tags"]!.AsArray(), Is.Empty);
        Assert.That(put.Data["version"]!.GetValue<int>(), Is.EqualTo(3));
    }

    [Test]
    public async Task Bad_fields_are_all_named_and_nothing_is_written()
    {
        var album = await AnAlbum();

        var patched = await Owner.Patch($"/albums/{album}", new { Title = (string?)null, Titel = "x", PublishedOn = "soon" });

        patched.ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
        Assert.That(patched.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EquivalentTo(new[] { "title", "titel", "published_on" }));
        (await Owner.Patch($"/albums/{album}", new { Titel = (string?)null })).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
        (await Owner.Patch($"/albums/{album}", new { DeletedAt = (string?)null })).Expect(HttpStatusCode.OK);
        (await Owner.Put($"/albums/{album}", new { Title = "" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Patch($"/albums/{album}", new[] { 1 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That((await Owner.Get($"/albums/{album}")).Data["version"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task What_the_database_forbids_is_told_in_words()
    {
        var title = $"T {Guid.NewGuid():n}";
        await AnAlbum(title);

        (await Owner.Post("/albums", new { Title = title })).ExpectProblem(HttpStatusCode.Conflict, "ALBUM_TITLE_TAKEN");
        (await Owner.Patch($"/albums/{await AnAlbum()}", new { Title = title })).ExpectProblem(HttpStatusCode.Conflict, "ALBUM_TITLE_TAKEN");
    }

    [Test]
    public async Task What_it_belongs_to_must_be_there_and_of_the_same_tenant()
    {
        var (strangers, trashed) = (await AnAlbum(of: Platform.Stranger), await AnAlbum());
        await Owner.Delete($"/albums/{trashed}");

        foreach (var album in new[] { strangers, trashed, Guid.NewGuid() })
        {
            var refused = (await Owner.Post("/pages", new { AlbumId = album, Number = 1 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ALBUM_NOT_FOUND");
            Assert.That(refused.Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo("album_id"));
        }
    }

    [Test]
    public async Task Two_patches_of_one_record_at_once_both_stand()
    {
        var album = await AnAlbum();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Owner.Patch($"/albums/{album}", JsonNode.Parse($$$"""{"custom_fields": {"n{{{n}}}": {{{n}}}}}""")!)));

        Assert.That((await Owner.Get($"/albums/{album}")).Data["custom_fields"]!.AsObject(), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task Who_saw_another_version_writes_nothing()
    {
        var album = await AnAlbum();
        var seen = (await Owner.Get($"/albums/{album}")).Headers.ETag!.Tag;
        await Owner.Patch($"/albums/{album}", new { Description = "theirs" });

        (await Owner.Patch($"/albums/{album}", new { Description = "mine" }, ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await Owner.Put($"/albums/{album}", new { Title = "mine" }, ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await Owner.Post($"/albums/{album}/unapprove", null, ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await Owner.Delete($"/albums/{album}", ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        Assert.That((await Owner.Get($"/albums/{album}")).Data["description"]!.GetValue<string>(), Is.EqualTo("theirs"));
    }

    [Test]
    public async Task A_deletion_takes_along_and_its_restore_brings_back_exactly_that()
    {
        var album = await AnAlbum();
        var (one, two, three) = (await APage(album, 1), await APage(album, 2), await APage(album, 3));
        await Owner.Delete($"/pages/{two}?reason=torn");

        var deleted = await Owner.Delete($"/albums/{album}?reason=mistake");
        Assert.That(deleted.Data["pages"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That((await Owner.Get($"/pages?album_id={album}")).Data.AsArray(), Is.Empty);
        (await Owner.Post($"/pages/{one}/restore")).ExpectProblem(HttpStatusCode.Locked, "PARENT_IN_TRASH");

        (await Owner.Post($"/albums/{album}/restore")).Expect(HttpStatusCode.OK);
        var back = (await Owner.Get($"/pages?album_id={album}&sort=number")).Data.AsArray().Select(page => page!["id"]!.GetValue<Guid>());
        Assert.That(back, Is.EqualTo(new[] { one, three }), "the second was in the trash before");
    }

    [Test]
    public async Task A_place_that_another_has_by_now_keeps_a_record_in_the_trash()
    {
        var album = await AnAlbum();
        var old = await APage(album, 1);
        await Owner.Delete($"/pages/{old}");
        var young = await APage(album, 1);

        (await Owner.Post($"/pages/{old}/restore")).ExpectProblem(HttpStatusCode.Conflict, "PAGE_NUMBER_TAKEN");

        (await Owner.Get($"/pages/{old}")).ExpectProblem(HttpStatusCode.Gone, "PAGE_IN_TRASH");
        await Owner.Delete($"/pages/{young}");
        (await Owner.Post($"/pages/{old}/restore")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_place_that_is_taken_further_down_keeps_all_of_it_in_the_trash()
    {
        var (album, name) = (await AnAlbum(), $"M {Guid.NewGuid():n}");
        var page = await APage(album, 1);
        await AMark(page, name);
        await Owner.Delete($"/albums/{album}");
        var young = await AMark(await APage(await AnAlbum(), 1), name);

        var refused = (await Owner.Post($"/albums/{album}/restore")).ExpectProblem(HttpStatusCode.Conflict, "RESTORE_CONFLICTS");

        Assert.That(refused.Text, Does.Contain("Mark"), "what it is about");
        (await Owner.Get($"/albums/{album}")).ExpectProblem(HttpStatusCode.Gone, "ALBUM_IN_TRASH");
        await Owner.Delete($"/marks/{young}");
        (await Owner.Post($"/albums/{album}/restore")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/marks?page_id={page}")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_purge_lets_go_of_the_objects_of_all_that_goes_with_it()
    {
        var album = await AnAlbum();
        var (one, two) = (await APage(album, 1), await APage(album, 2));
        var marks = new[] { await AMark(one), await AMark(one), await AMark(two) };
        await Owner.Delete($"/marks/{marks[0]}");

        var purged = (await Owner.Delete($"/albums/{album}?purge=true")).Expect(HttpStatusCode.OK);

        Assert.That((purged.Data["pages"]!.GetValue<int>(), purged.Data["marks"]!.GetValue<int>(), purged.Data["objects"]!.GetValue<int>()), Is.EqualTo((2, 3, 5)));
        var let = await Platform.Sql<string[]>($"select array_agg(storage_key order by storage_key) from object_deletions where receipt_id = '{purged.Data["receipt_id"]}'");
        Assert.That(let, Is.EquivalentTo(marks.Select(id => $"marks/{id}.jpg").Concat([$"pages/{one}.jpg", $"pages/{two}.jpg"])));
        Assert.That(await Platform.Sql<long>($"select count(*) from marks where id = any('{{{string.Join(',', marks)}}}')"), Is.Zero);
    }

    [Test]
    public async Task The_trash_is_seen_by_admins_alone()
    {
        var album = await AnAlbum();
        await Owner.Delete($"/albums/{album}");
        var editor = await Platform.CreateKey(Owner, Role.Editor);

        (await editor.Get($"/albums/{album}")).ExpectProblem(HttpStatusCode.NotFound, "ALBUM_NOT_FOUND");
        (await editor.Patch($"/albums/{album}", new { Description = "x" })).ExpectProblem(HttpStatusCode.NotFound, "ALBUM_NOT_FOUND");
        (await Owner.Get($"/albums/{album}")).ExpectProblem(HttpStatusCode.Gone, "ALBUM_IN_TRASH");
        (await Owner.Delete($"/albums/{album}")).ExpectProblem(HttpStatusCode.Gone, "ALBUM_IN_TRASH");
        Assert.That((await Owner.Get($"/albums/{album}?include_deleted=true")).Data["deleted_at"], Is.Not.Null);
        (await Owner.Post($"/albums/{await AnAlbum()}/restore")).ExpectProblem(HttpStatusCode.Locked, "ALBUM_NOT_IN_TRASH");
    }

    [Test]
    public async Task A_purge_is_final_and_leaves_a_receipt()
    {
        var album = await AnAlbum();
        await APage(album, 1);

        var purged = await Owner.Delete($"/albums/{album}?purge=true&reason=legal%20request");

        Assert.That(purged.Data["pages"]!.GetValue<int>(), Is.EqualTo(1));
        (await Owner.Get($"/albums/{album}?include_deleted=true")).ExpectProblem(HttpStatusCode.NotFound, "ALBUM_NOT_FOUND");
        var receipt = (await Owner.Get($"/purge-receipts/{purged.Data["receipt_id"]}")).Data;
        Assert.That(receipt["entity_id"]!.GetValue<Guid>(), Is.EqualTo(album));
        Assert.That(receipt["reason"]!.GetValue<string>(), Is.EqualTo("legal request"));
        Assert.That(receipt["taken"]!["pages"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That((await Owner.Get($"/purge-receipts?entity_id={album}")).Data.AsArray(), Has.Count.EqualTo(1));
        (await Platform.Stranger.Get($"/purge-receipts/{purged.Data["receipt_id"]}")).ExpectProblem(HttpStatusCode.NotFound, "PURGE_RECEIPT_NOT_FOUND");
    }

    [Test]
    public async Task An_approval_is_kept_with_who_gave_it_first()
    {
        var album = await AnAlbum();

        foreach (var (move, status) in new[] { ("unapprove", "draft"), ("reject", "rejected"), ("resubmit", "draft"), ("approve", "approved") })
            Assert.That((await Owner.Post($"/albums/{album}/{move}")).Expect(HttpStatusCode.OK).Data["approval_status"]!.GetValue<string>(), Is.EqualTo(status));

        (await Owner.Post($"/albums/{album}/reject")).ExpectProblem(HttpStatusCode.Locked, "APPROVAL_FORBIDS");
        Assert.That((await Owner.Get("/albums?approval_status=approved&id=" + album)).Data.AsArray(), Has.Count.EqualTo(1));
        Assert.That(await Platform.Sql<string>($"select original_approver_kind from albums where id = '{album}'"), Is.EqualTo("key"));
    }

    [Test]
    public async Task What_is_anothers_does_not_exist()
    {
        var album = await AnAlbum();
        await Owner.Delete($"/albums/{album}");
        foreach (var reply in new[]
        {
            await Platform.Stranger.Get($"/albums/{album}"), await Platform.Stranger.Put($"/albums/{album}", new { Title = "mine" }),
            await Platform.Stranger.Patch($"/albums/{album}", new { Title = "mine" }), await Platform.Stranger.Delete($"/albums/{album}"),
            await Platform.Stranger.Delete($"/albums/{album}?purge=true"), await Platform.Stranger.Post($"/albums/{album}/restore"), await Platform.Stranger.Post($"/albums/{album}/approve"),
        })
        {
            reply.ExpectProblem(HttpStatusCode.NotFound, "ALBUM_NOT_FOUND");
        }
    }
}
