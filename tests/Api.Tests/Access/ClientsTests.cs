using System.Net;
using System.Text;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Access;

/// <summary>The settings of a client, and its way into the trash and back.</summary>
internal sealed class ClientsTests : PlatformFixture
{
    private Issuer issuer = null!;

    protected override async Task<Platform> Begin()
    {
        issuer = Held(await Issuer.Start());
        return await Platform.Start(overrides: issuer.Settings());
    }

    [Test]
    public async Task An_owner_changes_the_settings()
    {
        var owner = await Platform.CreateTenant("settings");

        var changed = await owner.Patch($"/clients/{owner.ClientId}", new { Name = "Studio West", AllowedFileTypes = new[] { "image/jpeg", "image/jpeg" }, TrashRetentionDays = 7 });

        Assert.That(changed.Data["name"]!.GetValue<string>(), Is.EqualTo("Studio West"));
        Assert.That(changed.Data["allowed_file_types"]!.ToJsonString(), Is.EqualTo("""["image/jpeg"]"""));
        Assert.That(changed.Data["trash_retention_days"]!.GetValue<int>(), Is.EqualTo(7));
        (await owner.Upload(Samples.Png(1), "not-allowed.png")).Expect(HttpStatusCode.UnsupportedMediaType);

        var open = await owner.Send(HttpMethod.Patch, $"/clients/{owner.ClientId}", new StringContent("""{"allowed_file_types": null}""", Encoding.UTF8, "application/json"));
        Assert.That(open.Data["allowed_file_types"], Is.Null);
        Assert.That(open.Data["name"]!.GetValue<string>(), Is.EqualTo("Studio West"));
        (await owner.Upload(Samples.Png(1), "allowed.png")).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task What_changes_nothing_is_no_new_version()
    {
        var owner = await Platform.CreateTenant("same");
        var read = await owner.Get($"/clients/{owner.ClientId}");

        var patched = (await owner.Patch($"/clients/{owner.ClientId}", new { Name = $" {read.Data["name"]} " })).Expect(HttpStatusCode.OK);
        var put = (await owner.Put($"/clients/{owner.ClientId}", read.Data)).Expect(HttpStatusCode.OK);

        Assert.That(new[] { patched.Headers.ETag, put.Headers.ETag }, Is.All.EqualTo(read.Headers.ETag));
        Assert.That((await owner.Patch($"/clients/{owner.ClientId}", new { Name = "Another" })).Headers.ETag, Is.Not.EqualTo(read.Headers.ETag));
    }

    [Test]
    public async Task What_was_read_can_be_put_back()
    {
        var owner = await Platform.CreateTenant("back");
        var read = await owner.Get($"/clients/{owner.ClientId}");

        var put = await owner.Send(HttpMethod.Patch, $"/clients/{owner.ClientId}", new StringContent(read.Data.ToJsonString(), Encoding.UTF8, "application/json"), ("If-Match", read.Headers.ETag!.Tag));

        put.Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Settings_that_cannot_be_are_refused()
    {
        var owner = await Platform.CreateTenant("refused");
        Task<Reply> Change(object body) => owner.Patch($"/clients/{owner.ClientId}", body);

        var unknown = (await Change(new { AllowedFileTypes = new[] { "image/jpg", "image/jpegg" } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_FILE_TYPE");
        Assert.That(unknown.Text, Does.Contain("image/jpeg\\\""));
        (await Change(new { AllowedFileTypes = Array.Empty<string>() })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Change(new { TrashRetentionDays = -1 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Change(new { Name = "" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await (await Platform.CreateKey(owner, Role.Admin)).Patch($"/clients/{owner.ClientId}", new { Name = "mine" })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Platform.Stranger.Patch($"/clients/{owner.ClientId}", new { Name = "mine" })).ExpectProblem(HttpStatusCode.NotFound, "CLIENT_NOT_FOUND");
    }

    [Test]
    public async Task A_client_in_the_trash_shuts_everybody_out_but_an_owner_who_restores_it()
    {
        var owner = await Platform.CreateTenant("trashed");
        var admin = await Platform.CreateKey(owner, Role.Admin);
        var ann = await AMember(owner, "owner");
        var bea = await AMember(owner, "admin");
        (await admin.Delete($"/clients/{owner.ClientId}")).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");

        var trashed = (await ann.Delete($"/clients/{owner.ClientId}?reason=moved")).Expect(HttpStatusCode.OK);

        Assert.That((trashed.Data["members"]!.GetValue<int>(), trashed.Data["api_keys"]!.GetValue<int>()), Is.EqualTo((2, 2)));
        foreach (var caller in new[] { owner, admin, ann, bea })
            await Eventually.Is("it is shut out", async () => (await caller.Get("/media")) is { Status: HttpStatusCode.Forbidden } reply && reply.Codes.SequenceEqual(["CLIENT_DELETED"]));
        foreach (var caller in new[] { admin, bea })
        {
            (await caller.Get($"/clients/{owner.ClientId}")).ExpectProblem(HttpStatusCode.Forbidden, "CLIENT_DELETED");
            (await caller.Post($"/clients/{owner.ClientId}/restore")).Expect(HttpStatusCode.Forbidden);
        }

        (await owner.Patch($"/clients/{owner.ClientId}", new { Name = "still here" })).ExpectProblem(HttpStatusCode.Forbidden, "CLIENT_DELETED");
        Assert.That((await ann.Get($"/clients/{owner.ClientId}")).Data["deleted_at"], Is.Not.Null);
        Assert.That((await ann.Get("/clients")).Data[0]!["deleted_at"], Is.Not.Null, "who is in several sees which one it was");
        (await Platform.Stranger.Post($"/clients/{owner.ClientId}/restore")).ExpectProblem(HttpStatusCode.NotFound, "CLIENT_NOT_FOUND");

        Assert.That((await owner.Post($"/clients/{owner.ClientId}/restore")).Data["deleted_at"], Is.Null);
        foreach (var caller in new[] { owner, admin, ann, bea })
            await Eventually.Is("it is in again", async () => (await caller.Get("/media")).Status is HttpStatusCode.OK);
        (await owner.Post($"/clients/{owner.ClientId}/restore")).ExpectProblem(HttpStatusCode.Locked, "CLIENT_NOT_IN_TRASH");
    }

    [Test]
    public async Task What_a_client_in_the_trash_has_shared_or_made_public_is_not_for_the_time()
    {
        var owner = await Platform.CreateTenant("silent");
        var asset = (await owner.Upload(Samples.Jpeg(7002))).Id;
        await Platform.Sql<object>($"""
            update media_assets set visibility = 'public' where id = '{asset}';
            insert into media_variants (client_id, id, asset_id, kind, preset, recipe, format, mime_type, width, height, size_bytes, storage_provider, storage_key, created_at)
            values ('{owner.ClientId}', gen_random_uuid(), '{asset}', 'thumbnail', 'thumb', 1, 'jpeg', 'image/jpeg', 1, 1, 1, 'local', 'renditions/{asset}', now())
            """);
        var shared = (await owner.Post($"/media/{asset}/share", new { What = "thumb" })).Data["url"]!.GetValue<string>();
        async Task<(HttpStatusCode Public, HttpStatusCode Shared)> Visit() => ((await Platform.Nobody.Get($"/media/{asset}/variants/thumb")).Status, (await Platform.Nobody.Get(shared)).Status);

        Assert.That(await Visit(), Is.EqualTo((HttpStatusCode.Redirect, HttpStatusCode.Redirect)));
        (await owner.Delete($"/clients/{owner.ClientId}")).Expect(HttpStatusCode.OK);
        Assert.That(await Visit(), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.NotFound)));
        (await owner.Post($"/clients/{owner.ClientId}/restore")).Expect(HttpStatusCode.OK);
        Assert.That(await Visit(), Is.EqualTo((HttpStatusCode.Redirect, HttpStatusCode.Redirect)));
    }

    private async Task<Tenant> AMember(Tenant owner, string role)
    {
        var email = $"{Guid.NewGuid():n}@example.com";
        (await owner.Post("/members", new { Email = email, Role = role })).Expect(HttpStatusCode.Created);
        var person = Tenant.By(Platform, issuer.IdToken("subject-" + email, email));
        (await person.Get("/media")).Expect(HttpStatusCode.OK);
        return person;
    }
}
