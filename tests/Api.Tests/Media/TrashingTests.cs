using System.Net;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

internal sealed class TrashingTests() : PlatformFixture(withWorker: true)
{
    private static int number = 1000;

    private Tenant admin = null!;
    private Tenant editor = null!;
    private Tenant viewer = null!;

    [OneTimeSetUp]
    public async Task Prepare()
    {
        admin = await Platform.CreateKey(Owner, Role.Admin);
        editor = await Platform.CreateKey(Owner, Role.Editor);
        viewer = await Platform.CreateKey(Owner, Role.Viewer);
    }

    [Test]
    public async Task What_is_in_the_trash_is_unknown_to_editors_and_gone_for_admins()
    {
        var id = await AnAsset();

        var trashed = await editor.Delete($"/media/{id}?reason=blurred");

        Assert.That(trashed.Expect(HttpStatusCode.OK).Id, Is.EqualTo(id));
        Assert.That(trashed.Data["deleted_at"]!.GetValue<DateTimeOffset>(), Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(1)));
        Assert.That(trashed.Data["attachments"]!.GetValue<int>(), Is.Zero);
        (await editor.Get($"/media/{id}")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        (await editor.Get($"/media/{id}/content")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        (await editor.Get($"/media/{id}/timeline")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        (await admin.Get($"/media/{id}")).ExpectProblem(HttpStatusCode.Gone, "ASSET_IN_TRASH");
        (await admin.Get($"/media/{id}/content")).ExpectProblem(HttpStatusCode.Gone, "ASSET_IN_TRASH");

        var seen = (await admin.Get($"/media/{id}?include_deleted=true")).Expect(HttpStatusCode.OK).Data;
        Assert.That(seen["deleted_reason"]!.GetValue<string>(), Is.EqualTo("blurred"));
        Assert.That(seen["deleted_by"], Is.Not.Null);
        Assert.That(seen["deleted_by_kind"]!.GetValue<string>(), Is.EqualTo("key"));
        (await editor.Get($"/media/{id}?include_deleted=true")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
    }

    [Test]
    public async Task Lists_hide_the_trash_unless_an_admin_asks()
    {
        var id = await AnAsset();
        await editor.Delete($"/media/{id}");

        Assert.That((await editor.Get($"/media?id={id}")).Data.AsArray(), Is.Empty);
        Assert.That((await admin.Get($"/media?id={id}")).Data.AsArray(), Is.Empty);
        Assert.That((await admin.Get($"/media?id={id}&include_deleted=true")).Data.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await admin.Get($"/media?id={id}&include_deleted=true&deleted_at[null]=false")).Data.AsArray(), Has.Count.EqualTo(1));
        (await editor.Get($"/media?id={id}&include_deleted=true")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
    }

    [Test]
    public async Task An_admin_restores()
    {
        var id = await AnAsset();
        await editor.Delete($"/media/{id}?reason=mistake");

        (await editor.Post($"/media/{id}/restore")).Expect(HttpStatusCode.Forbidden);
        var restored = await admin.Post($"/media/{id}/restore");

        Assert.That(restored.Expect(HttpStatusCode.OK).Data["deleted_at"], Is.Null);
        Assert.That(restored.Headers.ETag, Is.Not.Null);
        (await viewer.Get($"/media/{id}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Trash_and_restore_are_refused_where_they_change_nothing()
    {
        var id = await AnAsset();

        (await admin.Post($"/media/{id}/restore")).ExpectProblem(HttpStatusCode.Locked, "ASSET_NOT_IN_TRASH");
        (await editor.Delete($"/media/{id}")).Expect(HttpStatusCode.OK);
        (await admin.Delete($"/media/{id}")).ExpectProblem(HttpStatusCode.Gone, "ASSET_IN_TRASH");
    }

    [Test]
    public async Task Whatever_is_wanted_of_what_is_in_the_trash_the_answer_is_the_same()
    {
        var id = await AnAsset();
        await Own(id, "trashing", "3");
        await editor.Delete($"/media/{id}");
        await Platform.Sql<object>($"update media_assets set created_at = now() - interval '61 minutes' where id = '{id}'");
        var attach = new { OwnerType = "trashing", OwnerId = "3", Role = "gallery" };

        foreach (var ask in new Func<Tenant, Task<Reply>>[]
        {
            caller => caller.Get($"/media/{id}"), caller => caller.Get($"/media/{id}/content"), caller => caller.Get($"/media/{id}/variants/thumb"),
            caller => caller.Get($"/media/{id}/timeline"), caller => caller.Post($"/media/{id}/reprocess"), caller => caller.Post($"/media/{id}/attach", attach),
            caller => caller.Delete($"/media/{id}"), caller => caller.Delete($"/media/{id}", ("If-Match", "\"4711-seen\"")),
        })
        {
            (await ask(editor)).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
            (await ask(admin)).ExpectProblem(HttpStatusCode.Gone, "ASSET_IN_TRASH");
        }

        (await editor.Delete($"/media/{id}?purge=true")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        (await admin.Get($"/media/{id}/timeline?include_deleted=true")).Expect(HttpStatusCode.OK);
        (await admin.Delete($"/media/{id}?purge=true")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_stale_version_is_refused()
    {
        var id = await AnAsset();
        var stale = (await editor.Get($"/media/{id}")).Headers.ETag!.ToString();
        await editor.Delete($"/media/{id}");
        var current = (await admin.Post($"/media/{id}/restore")).Headers.ETag!.ToString();

        (await editor.Delete($"/media/{id}", ("If-Match", stale))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await admin.Delete($"/media/{id}?purge=true", ("If-Match", stale))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await editor.Delete($"/media/{id}", ("If-Match", "not a tag"))).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_HEADER");
        (await editor.Delete($"/media/{id}", ("If-Match", current))).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_purge_leaves_no_row_and_no_object()
    {
        var bytes = Samples.Png(Interlocked.Increment(ref number));
        var id = (await editor.Upload(bytes, "purged.png", waitSeconds: 30)).Id;
        await Own(id, "purge", "1");
        await editor.Post($"/media/{id}/attach", new { OwnerType = "purge", OwnerId = "1", Role = "cover" });
        Assert.That(await KeysOf(id), Has.Length.EqualTo(3));

        var purged = await admin.Delete($"/media/{id}?purge=true");

        purged.Expect(HttpStatusCode.OK);
        Assert.That(purged.Data["variants"]!.GetValue<int>(), Is.EqualTo(2), purged.Text);
        Assert.That(purged.Data["objects"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(purged.Data["attachments"]!.GetValue<int>(), Is.EqualTo(1));
        (await admin.Get($"/media/{id}?include_deleted=true")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        Assert.That(await Platform.Sql<long>($"select (select count(*) from media_variants where asset_id = '{id}') + (select count(*) from media_attachments where asset_id = '{id}')"), Is.Zero);
        await Eventually.Is("its objects are gone", async () => (await KeysOf(id)).Length == 0);

        var again = await editor.Upload(bytes, "again.png", waitSeconds: 30);
        Assert.That(again.Expect(HttpStatusCode.Created).Id, Is.Not.EqualTo(id), "the bytes may come in again, as another asset");
    }

    [Test]
    public async Task An_editor_purges_the_own_upload_and_no_other()
    {
        var own = await AnAsset();
        var other = (await admin.Upload(Samples.Jpeg(Interlocked.Increment(ref number)))).Id;

        (await editor.Delete($"/media/{other}?purge=true")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        (await editor.Delete($"/media/{own}?purge=true")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task An_editor_purges_the_own_upload_within_an_hour_alone()
    {
        var id = await AnAsset();
        await Platform.Sql<object>($"update media_assets set created_at = now() - interval '61 minutes' where id = '{id}'");

        (await editor.Delete($"/media/{id}?purge=true")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
    }

    [Test]
    public async Task A_viewer_writes_nothing()
    {
        var id = await AnAsset();

        (await viewer.Delete($"/media/{id}")).Expect(HttpStatusCode.Forbidden);
        (await viewer.Delete($"/media/{id}?purge=true")).Expect(HttpStatusCode.Forbidden);
        (await viewer.Post($"/media/{id}/restore")).Expect(HttpStatusCode.Forbidden);
        (await viewer.Post($"/media/{id}/reprocess")).Expect(HttpStatusCode.Forbidden);
        (await viewer.Post($"/media/{id}/attach", new { OwnerType = "scene", OwnerId = "1", Role = "cover" })).Expect(HttpStatusCode.Forbidden);
        (await viewer.Get($"/media/{id}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Another_tenant_moves_nothing()
    {
        var id = await AnAsset();

        (await Platform.Stranger.Delete($"/media/{id}")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        (await Platform.Stranger.Delete($"/media/{id}?purge=true")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        (await Platform.Stranger.Post($"/media/{id}/restore")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
    }

    [Test]
    public async Task A_reason_that_is_too_long_is_refused() =>
        (await editor.Delete($"/media/{await AnAsset()}?reason={new string('x', 501)}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

    [Test]
    public async Task A_trashed_asset_leaves_its_owners_and_comes_back_to_them()
    {
        var id = await AnAsset();
        await Own(id, "trashing", "2");
        await editor.Post($"/media/{id}/attach", new { OwnerType = "trashing", OwnerId = "2", Role = "gallery" });

        Assert.That((await editor.Delete($"/media/{id}")).Data["attachments"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That((await editor.Get("/owners/trashing/2/media")).Data["media"]!.AsArray(), Is.Empty);

        await admin.Post($"/media/{id}/restore");
        Assert.That((await editor.Get("/owners/trashing/2/media")).Data["media"]!.AsArray(), Has.Count.EqualTo(1));
    }

    private async Task<Guid> AnAsset() => (await editor.Upload(Samples.Jpeg(Interlocked.Increment(ref number)))).Expect(HttpStatusCode.Created).Id;

    private async Task Own(Guid id, string type, string ownerId) => (await editor.Put($"/owners/{type}/{ownerId}", new { Title = $"of {id}" })).Expect(HttpStatusCode.Created);

    private async Task<string[]> KeysOf(Guid id)
    {
        var renditions = (await Platform.Sql<string>($"select renditions_folder('{id}')"))!;
        return [.. Platform.StoredKeys().Where(key => key.Contains(id.ToString("n"), StringComparison.Ordinal) || key.StartsWith(renditions, StringComparison.Ordinal))];
    }
}
