using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>Uploads whose bytes lie in the trash wait for a decision, so that nobody sends them twice.</summary>
[TestFixture("local")]
[TestFixture("s3")]
internal sealed class ConflictsTests(string origin) : PlatformFixture(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn(origin), StringComparer.Ordinal)
{
    ["Media:PartsAboveBytes"] = $"{6 << 20}", ["Media:PartBytes"] = $"{5 << 20}",
})
{
    private static int numbers = 40_000;

    [TestCase(1000)]
    [TestCase(7 << 20)]
    public async Task An_upload_in_conflict_restores_the_asset_when_somebody_says_so(int size)
    {
        var (asset, upload, _) = await GivenConflict(Owner, size);
        Assert.That(upload["asset_id"]!.GetValue<Guid>(), Is.EqualTo(asset));
        Assert.That((await Owner.Get("/uploads?status=conflict&limit=200")).Data.AsArray().Select(one => one!["id"]!.GetValue<Guid>()), Does.Contain(upload["id"]!.GetValue<Guid>()));
        await Eventually.Is("one copy of the bytes is kept", async () => (await ObjectsOf(upload)).Length == 1);

        var resolved = (await Owner.Post($"/uploads/{upload["id"]}/resolve", new { Action = "restore" })).Expect(HttpStatusCode.OK).Data;

        Assert.That(resolved["status"]!.GetValue<string>(), Is.EqualTo("completed"), resolved.ToJsonString());
        Assert.That(resolved["error_code"], Is.Null);
        (await Owner.Get($"/media/{asset}")).Expect(HttpStatusCode.OK);
        await Eventually.Is("what was sent is gone", async () => (await ObjectsOf(upload)).Length == 0);
        (await Owner.Post($"/uploads/{upload["id"]}/resolve", new { Action = "restore" })).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_NOT_IN_CONFLICT");
    }

    [Test]
    public async Task An_upload_in_conflict_becomes_an_asset_when_the_other_was_purged_meanwhile()
    {
        var (asset, upload, bytes) = await GivenConflict(Owner, 7 << 20, new JsonObject { ["title"] = "Again" });
        _ = (await Owner.Delete($"/media/{asset}?purge=true")).Data;

        var resolved = (await Owner.Post($"/uploads/{upload["id"]}/resolve", new { Action = "restore" })).Expect(HttpStatusCode.OK).Data;

        Assert.That(resolved["asset_id"]!.GetValue<Guid>(), Is.EqualTo(upload["id"]!.GetValue<Guid>()));
        var made = await Eventually.Get("it is ready", async () => (await Owner.Get($"/media/{resolved["asset_id"]}")).Data is { } one && one["status"]!.GetValue<string>() == "ready" ? one : null);
        Assert.That(made["title"]!.GetValue<string>(), Is.EqualTo("Again"));
        Assert.That(made["created_by"]!.GetValue<Guid>(), Is.EqualTo(upload["created_by"]!.GetValue<Guid>()));
        using var http = new HttpClient();
        Assert.That(await http.GetByteArrayAsync(new Uri(Platform.Address, (await Owner.Get($"/media/{made["id"]}/content")).Headers.Location!)), Is.EqualTo(bytes));
    }

    [Test]
    public async Task An_upload_in_conflict_is_discarded_when_somebody_says_so()
    {
        var (asset, upload, _) = await GivenConflict(Owner, 1000);

        var resolved = (await Owner.Post($"/uploads/{upload["id"]}/resolve", new { Action = "discard" })).Expect(HttpStatusCode.OK).Data;

        Assert.That((resolved["status"]!.GetValue<string>(), resolved["error_code"]!.GetValue<string>()), Is.EqualTo(("rejected", "UPLOAD_DISCARDED")));
        (await Owner.Get($"/media/{asset}")).Expect(HttpStatusCode.Gone);
        await Eventually.Is("what was sent is gone", async () => (await ObjectsOf(upload)).Length == 0);
    }

    [Test]
    public async Task An_upload_in_conflict_is_given_up_as_any_that_has_not_come_to_an_end()
    {
        var (asset, upload, _) = await GivenConflict(Owner, 1000);

        var aborted = (await Owner.Delete($"/uploads/{upload["id"]}")).Expect(HttpStatusCode.OK).Data;

        Assert.That((aborted["status"]!.GetValue<string>(), aborted["error_code"]!.GetValue<string>()), Is.EqualTo(("rejected", "UPLOAD_ABORTED")));
        (await Owner.Get($"/media/{asset}")).Expect(HttpStatusCode.Gone);
        await Eventually.Is("what was sent is gone", async () => (await ObjectsOf(upload)).Length == 0);
        (await Owner.Delete($"/uploads/{upload["id"]}")).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_NOT_OPEN");
        (await Owner.Post($"/uploads/{upload["id"]}/resolve", new { Action = "restore" })).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_NOT_IN_CONFLICT");
    }

    [Test]
    public async Task Of_many_who_decide_at_once_one_does()
    {
        var (asset, upload, _) = await GivenConflict(Owner, 1000);

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => Owner.Post($"/uploads/{upload["id"]}/resolve", new { Action = number % 2 == 0 ? "restore" : "discard" })));

        Assert.That(replies.Count(reply => reply.Status is HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(replies.Where(reply => reply.Status is not HttpStatusCode.OK).Select(reply => reply.Codes.Single()), Is.All.EqualTo("UPLOAD_NOT_IN_CONFLICT"));
        var status = (await Owner.Get($"/uploads/{upload["id"]}")).Data["status"]!.GetValue<string>();
        (await Owner.Get($"/media/{asset}")).Expect(status == "completed" ? HttpStatusCode.OK : HttpStatusCode.Gone);
    }

    [Test]
    public async Task Only_who_may_upload_decides_and_in_the_client_alone()
    {
        var (_, upload, _) = await GivenConflict(Owner, 1000);
        var viewer = await Platform.CreateKey(Owner, Role.Viewer);

        (await Platform.Stranger.Post($"/uploads/{upload["id"]}/resolve", new { Action = "restore" })).ExpectProblem(HttpStatusCode.NotFound, "UPLOAD_NOT_FOUND");
        (await viewer.Post($"/uploads/{upload["id"]}/resolve", new { Action = "restore" })).Expect(HttpStatusCode.Forbidden);
        (await Owner.Post($"/uploads/{upload["id"]}/resolve", new { Action = "burn" })).Expect(HttpStatusCode.UnprocessableEntity);
        (await Owner.Post($"/uploads/{upload["id"]}/resolve", new { Action = "restore" }, ("If-Match", "\"1-x\""))).Expect(HttpStatusCode.PreconditionFailed);
    }

    [Test]
    public async Task What_nobody_decides_expires_and_leaves_nothing()
    {
        var tenant = await Platform.CreateTenant($"undecided-{origin}");
        var (asset, upload, _) = await GivenConflict(tenant, 1000);
        await Eventually.Is("the upload's own time has begun anew", () => Task.FromResult(upload["expires_at"]!.GetValue<DateTimeOffset>() > DateTimeOffset.UtcNow.AddHours(23)));

        await Platform.Sql<object>($"update uploads set expires_at = now() - interval '1 second' where id = '{upload["id"]}'");
        await Platform.Sql<object>($"insert into jobs (client_id, id, type, family, max_attempts, run_after, created_at, created_by_kind, updated_at) values ('{tenant.ClientId}', gen_random_uuid(), 'UPLOAD_EXPIRE', 'maintenance', 5, now(), now(), 'system', now())");

        await Eventually.Is("it is expired", async () => (await tenant.Get($"/uploads/{upload["id"]}")).Data["status"]!.GetValue<string>() == "expired");
        await Eventually.Is("what was sent is gone", async () => (await ObjectsOf(upload)).Length == 0);
        (await tenant.Get($"/media/{asset}")).Expect(HttpStatusCode.Gone);
    }

    private async Task<(Guid Asset, JsonNode Upload, byte[] Bytes)> GivenConflict(Tenant tenant, int size, JsonObject? more = null)
    {
        var bytes = Samples.LargeJpeg(size, Interlocked.Increment(ref numbers));
        var asset = (await tenant.Upload(bytes)).Expect(HttpStatusCode.Created).Id;
        _ = (await tenant.Delete($"/media/{asset}")).Data;
        var upload = (await tenant.UploadByLinks(Platform, bytes, more: more)).Data;
        Assert.That((upload["status"]!.GetValue<string>(), upload["error_code"]!.GetValue<string>()), Is.EqualTo(("conflict", "DUPLICATE_IN_TRASH")), upload.ToJsonString());
        return (asset, upload, bytes);
    }

    private async Task<string[]> ObjectsOf(JsonNode upload) =>
        [.. (await Platform.StoredObjects()).Where(key => key.Contains($"/{upload["id"]!.GetValue<Guid>():n}/", StringComparison.Ordinal))];
}
