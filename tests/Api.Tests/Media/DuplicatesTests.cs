using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

internal sealed class DuplicatesTests() : PlatformFixture(withWorker: true)
{
    [Test]
    public async Task Two_hundred_uploads_of_the_same_bytes_at_once_are_one_asset()
    {
        const int count = 200;
        var tenant = await Platform.CreateTenant("many");

        var replies = await Task.WhenAll(Enumerable.Range(0, count).Select(number =>
            tenant.Upload(Samples.Png(30), $"copy-{number}.png", "image/png", waitSeconds: 0, ("tags", $"shared, from-{number % 5}"))));

        Assert.That(replies.Count(reply => reply.Status is HttpStatusCode.Created), Is.EqualTo(1), replies[0].Text);
        Assert.That(replies.Count(reply => reply.Status is HttpStatusCode.OK), Is.EqualTo(count - 1), replies.FirstOrDefault(reply => (int)reply.Status >= 300)?.Text);
        Assert.That(replies.Select(reply => reply.Id).Distinct().Count(), Is.EqualTo(1));

        var id = replies[0].Id;
        var asset = await Eventually.Get("the asset is ready", async () => (await tenant.Get($"/media/{id}")).Data is var data && data["status"]!.GetValue<string>() == "ready" ? data : null);
        Assert.That(asset["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()), Is.EquivalentTo(new[] { "shared", "from-0", "from-1", "from-2", "from-3", "from-4" }));
        Assert.That((await tenant.Get("/media?count=exact")).Json["metadata"]!["page"]!["total"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(await Platform.Sql<long>($"select count(*) from uploads where client_id = '{tenant.ClientId}' and status = 'completed' and asset_id = '{id}'"), Is.EqualTo(count));
        await Eventually.Is("one original and two variants are stored", async () =>
            await KeysOf(tenant) is { Length: 3 } keys && keys.Count(key => key.EndsWith($"/{id:n}/original", StringComparison.Ordinal)) == 1);
    }

    [Test]
    public async Task A_duplicate_says_so_and_keeps_the_first_texts()
    {
        var first = await Owner.Upload(Samples.Png(31), "first.png", fields: ("title", "First"));
        var second = await Owner.Upload(Samples.Png(31), "second.png", fields: ("title", "Second"));

        first.Expect(HttpStatusCode.Created);
        second.Expect(HttpStatusCode.OK);
        Assert.That(second.Id, Is.EqualTo(first.Id));
        Assert.That(second.Json["metadata"]!["warnings"]![0]!["code"]!.GetValue<string>(), Is.EqualTo("DUPLICATE"), second.Text);
        Assert.That(second.Data["title"]!.GetValue<string>(), Is.EqualTo("First"));
        Assert.That(second.Data["original_filename"]!.GetValue<string>(), Is.EqualTo("first.png"));
    }

    [Test]
    public async Task The_same_bytes_of_another_tenant_are_another_asset()
    {
        var ours = await Owner.Upload(Samples.Png(32), "ours.png");
        var theirs = await Platform.Stranger.Upload(Samples.Png(32), "theirs.png");

        ours.Expect(HttpStatusCode.Created);
        theirs.Expect(HttpStatusCode.Created);
        Assert.That(theirs.Id, Is.Not.EqualTo(ours.Id));
        (await Platform.Stranger.Get($"/media/{ours.Id}")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
    }

    [Test]
    public async Task A_twin_in_the_trash_is_refused()
    {
        var tenant = await Platform.CreateTenant("refusing");
        var asset = await tenant.Upload(Samples.Png(33), "trashed.png", waitSeconds: 20);
        (await tenant.Delete($"/media/{asset.Id}")).Expect(HttpStatusCode.OK);

        var again = await tenant.Upload(Samples.Png(33), "again.png");

        again.ExpectProblem(HttpStatusCode.Conflict, "DUPLICATE_IN_TRASH");
        Assert.That(again.Text, Does.Contain(asset.Id.ToString()));
        await Eventually.Is("the bytes are stored once, with two variants", async () => (await KeysOf(tenant)).Length == 3);
        (await tenant.Get($"/media/{asset.Id}")).ExpectProblem(HttpStatusCode.Gone, "ASSET_IN_TRASH");
    }

    [Test]
    public async Task A_twin_in_the_trash_is_restored_when_asked([Values] bool afterTheFile)
    {
        var bytes = Samples.Png(afterTheFile ? 34 : 35);
        var asset = await Owner.Upload(bytes, "trashed.png");
        (await Owner.Delete($"/media/{asset.Id}?reason=mistake")).Expect(HttpStatusCode.OK);

        var form = afterTheFile ? new Form().File(bytes, "again.png").Field("on_trashed", "restore") : new Form().Field("on_trashed", "restore").File(bytes, "again.png");
        var again = await form.Upload(Owner);

        again.Expect(HttpStatusCode.OK);
        Assert.That(again.Id, Is.EqualTo(asset.Id));
        Assert.That(again.Json["metadata"]!["warnings"]![0]!["code"]!.GetValue<string>(), Is.EqualTo("RESTORED_FROM_TRASH"));
        var restored = (await Owner.Get($"/media/{asset.Id}")).Data;
        Assert.That(restored["deleted_at"], Is.Null);
        Assert.That(restored["deleted_reason"], Is.Null);
    }

    [Test]
    public async Task Another_policy_for_the_trash_is_not_known()
    {
        var reply = await Owner.Upload(Samples.Png(36), "policy.png", fields: ("on_trashed", "purge"));

        reply.ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
    }

    private async Task<string[]> KeysOf(Tenant tenant)
    {
        var folders = await Platform.Sql<string[]>($"select coalesce(array_agg(renditions_folder(id)), '{{}}') from media_assets where client_id = '{tenant.ClientId}'");
        return [.. Platform.StoredKeys().Where(key => key.StartsWith(tenant.ClientId.ToString("n"), StringComparison.Ordinal) || folders!.Any(folder => key.StartsWith(folder, StringComparison.Ordinal)))];
    }
}
