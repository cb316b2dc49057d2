using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>Objects that lie in a bucket already, read from there whatever the origin of new media is.</summary>
[TestFixture("local")]
[TestFixture("s3")]
internal sealed class RegisteringTests(string origin) : PlatformFixture(withWorker: true, Platform.StoredIn(origin))
{
    private static int numbers;
    private IMediaStore s3 = null!;

    [OneTimeSetUp]
    public async Task Prepare()
    {
        await Platform.MakeBucket();
        s3 = Platform.ApiServices.GetRequiredService<MediaStores>().ForRegistered!;
        await Allow(Owner, $"s3://{Platform.Bucket}/history/");
    }

    [Test]
    public async Task What_lies_in_a_bucket_becomes_an_asset_and_stays_where_it_is()
    {
        var bytes = Samples.LargeJpeg(9 << 20, Interlocked.Increment(ref numbers));
        var uri = await Lay("history/Été 2019/rooftop #1.jpg", bytes);

        var upload = await Registered(new JsonObject { ["uri"] = uri, ["title"] = "Rooftop", ["tags"] = new JsonArray("History"), ["sha256"] = Hash(bytes) });

        Assert.That(upload["status"]!.GetValue<string>(), Is.EqualTo("completed"), upload.ToJsonString());
        var asset = await Ready(upload);
        Assert.That(asset["sha256"]!.GetValue<string>(), Is.EqualTo(Hash(bytes)));
        Assert.That(asset["original_filename"]!.GetValue<string>(), Is.EqualTo("rooftop #1.jpg"));
        Assert.That(asset["storage_provider"]!.GetValue<string>(), Is.EqualTo("s3"));
        Assert.That(asset["source"]!.GetValue<string>(), Is.EqualTo("registered"));
        Assert.That(asset["variants"]!.AsArray(), Has.Count.EqualTo(2), asset.ToJsonString());
        using var http = new HttpClient();
        var link = (await Owner.Get($"/media/{asset["id"]}/content")).Headers.Location!;
        Assert.That(SHA256.HashData(await http.GetByteArrayAsync(new Uri(Platform.Address, link))), Is.EqualTo(SHA256.HashData(bytes)));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Platform.Address, link)) { Headers = { Range = new(10, 19) } };
        Assert.That(await (await http.SendAsync(request)).Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes[10..20]));

        _ = (await Owner.Delete($"/media/{asset["id"]}?purge=true")).Data;
        await Eventually.Is("its renditions are gone", async () => !(await Platform.StoredObjects()).Any(key => key.Contains($"/{asset["id"]!.GetValue<Guid>():n}/", StringComparison.Ordinal)));
        Assert.That(await s3.Head("history/Été 2019/rooftop #1.jpg", CancellationToken.None), Is.EqualTo(bytes.Length), "it is not ours to delete");
    }

    [Test]
    public async Task What_is_registered_twice_or_known_already_is_one_asset()
    {
        var bytes = Samples.Jpeg(Interlocked.Increment(ref numbers));
        var known = (await Owner.Upload(bytes)).Id;
        var uri = await Lay($"history/known-{origin}.jpg", bytes);

        var uploads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Registered(new JsonObject { ["uri"] = uri })));

        Assert.That(uploads.Select(upload => upload["asset_id"]?.GetValue<Guid>()), Is.All.EqualTo(known));
        Assert.That(await s3.Head($"history/known-{origin}.jpg", CancellationToken.None), Is.EqualTo(bytes.Length));
    }

    [Test]
    public async Task Two_clients_may_register_the_same_object()
    {
        var bytes = Samples.Jpeg(Interlocked.Increment(ref numbers));
        var uri = await Lay("shared/both.jpg", bytes);
        var (first, second) = (await Platform.CreateTenant($"both-1-{origin}"), await Platform.CreateTenant($"both-2-{origin}"));
        foreach (var tenant in new[] { first, second })
        {
            await Allow(tenant, $"s3://{Platform.Bucket}/shared/");
            Assert.That((await Registered(new JsonObject { ["uri"] = uri }, tenant))["status"]!.GetValue<string>(), Is.EqualTo("completed"));
        }

        _ = (await first.Delete($"/media/{(await first.Get("/media")).Data[0]!["id"]}?purge=true")).Data;
        (await second.Get($"/media/{(await second.Get("/media")).Data[0]!["id"]}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Nothing_is_read_outside_of_what_is_allowed()
    {
        var bytes = Samples.Jpeg(Interlocked.Increment(ref numbers));
        var secret = await Lay("secret/other.jpg", bytes);
        var allowed = await Lay("history/mine.jpg", bytes);

        var reply = await Owner.Post("/media/register", new
        {
            Items = new[] { new { Uri = allowed }, new { Uri = secret }, new { Uri = $"s3://{Platform.Bucket}/historical.jpg" }, new { Uri = "s3://another-bucket/history/a.jpg" } },
        });

        reply.ExpectProblem(HttpStatusCode.UnprocessableEntity, "S3_PREFIX_NOT_ALLOWED");
        Assert.That(reply.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EqualTo(new[] { "items[1].uri", "items[2].uri", "items[3].uri" }));
        (await Platform.Stranger.Post("/media/register", new { Items = new[] { new { Uri = allowed } } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "S3_PREFIX_NOT_ALLOWED");
        Assert.That(await Platform.Sql<long>("select count(*) from uploads where kind = 'registered' and storage_key like '%mine.jpg'"), Is.Zero, "all or none");
    }

    [Test]
    public async Task What_is_not_allowed_any_more_is_not_read_any_more()
    {
        var tenant = await Platform.CreateTenant($"revoked-{origin}");
        await Allow(tenant, $"s3://{Platform.Bucket}/revoked/");
        var upload = await Registered(new JsonObject { ["uri"] = $"s3://{Platform.Bucket}/revoked/later.jpg" }, tenant);
        await Lay("revoked/later.jpg", Samples.Jpeg(Interlocked.Increment(ref numbers)));
        await Allow(tenant, $"s3://{Platform.Bucket}/other/");

        _ = (await tenant.Post($"/jobs/{(await tenant.Get($"/jobs?subject_id={upload["id"]}")).Data[0]!["id"]}/retry")).Data;

        await Eventually.Is("it is refused", async () => (await tenant.Get($"/uploads/{upload["id"]}")).Data["error_code"]?.GetValue<string>() == "S3_PREFIX_NOT_ALLOWED");
    }

    [Test]
    public async Task An_original_that_may_not_be_read_any_more_is_not_read_any_more()
    {
        var tenant = await Platform.CreateTenant($"stopped-{origin}");
        await Allow(tenant, $"s3://{Platform.Bucket}/stopped/");
        var uri = await Lay("stopped/a.jpg", Samples.Jpeg(Interlocked.Increment(ref numbers)));
        var id = (await Registered(new JsonObject { ["uri"] = uri }, tenant))["asset_id"]!;
        await Eventually.Is("it is ready", async () => (await tenant.Get($"/media/{id}")).Data["status"]!.GetValue<string>() == "ready");

        await Allow(tenant, $"s3://{Platform.Bucket}/stop/");

        (await tenant.Get($"/media/{id}/content")).ExpectProblem(HttpStatusCode.Forbidden, "S3_PREFIX_NOT_ALLOWED");
        (await tenant.Post($"/media/{id}/reprocess")).ExpectProblem(HttpStatusCode.Forbidden, "S3_PREFIX_NOT_ALLOWED");
        (await tenant.Post($"/media/{id}/share", new { What = "original" })).ExpectProblem(HttpStatusCode.Forbidden, "S3_PREFIX_NOT_ALLOWED");
        (await tenant.Get($"/media/{id}/variants/thumb")).Expect(HttpStatusCode.Redirect); // which is ours

        // a job that was asked for before, and comes to it now
        await Platform.Sql<object>($"update jobs set status = 'queued', finished_at = null, run_after = now() where subject_id = '{id}' and type = 'MEDIA_PROCESS'");
        await Eventually.Is("it fails", async () =>
            (await tenant.Get($"/jobs?subject_id={id}&type=MEDIA_PROCESS")).Data[0]! is { } job && job["status"]!.GetValue<string>() == "failed" && job["error_code"]!.GetValue<string>() == "S3_PREFIX_NOT_ALLOWED");

        await Allow(tenant, $"s3://{Platform.Bucket}/stopped/");
        (await tenant.Get($"/media/{id}/content")).Expect(HttpStatusCode.Redirect);
    }

    [Test]
    public async Task An_original_that_its_owner_exchanges_is_not_given_for_the_one_that_was_verified()
    {
        await using var unversioned = await Platform.Start(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn(origin), StringComparer.Ordinal) { ["S3:Versioned"] = "false" });
        await unversioned.MakeBucket();
        var store = unversioned.ApiServices.GetRequiredService<MediaStores>().ForRegistered!;
        Assert.That((await unversioned.Do(unversioned.Tenant, new AllowRegistering([$"s3://{unversioned.Bucket}/history/"]))).Succeeded, Is.True);
        await store.Put("history/a b é.jpg", new MemoryStream(Samples.Photo()), "image/jpeg", CancellationToken.None);
        var begun = (await unversioned.Tenant.Post("/media/register", new { Items = new[] { new { Uri = $"s3://{unversioned.Bucket}/history/a b é.jpg" } } })).Data[0]!;
        var id = await Eventually.Get("it is an asset", async () => (await unversioned.Tenant.Get($"/uploads/{begun["id"]}")).Data["asset_id"]);
        await Eventually.Is("it is ready", async () => (await unversioned.Tenant.Get($"/media/{id}")).Data["status"]!.GetValue<string>() == "ready");
        var link = (await unversioned.Tenant.Get($"/media/{id}/content")).Expect(HttpStatusCode.Redirect).Headers.Location!.OriginalString;
        Assert.That((await unversioned.Nobody.Get(link)).Expect(HttpStatusCode.OK).Bytes, Is.EqualTo(Samples.Photo()));

        await store.Put("history/a b é.jpg", new MemoryStream(Samples.Jpeg(Interlocked.Increment(ref numbers))), "image/jpeg", CancellationToken.None);

        (await unversioned.Nobody.Get(link)).ExpectProblem(HttpStatusCode.Gone, "ORIGINAL_CHANGED");
        _ = (await unversioned.Tenant.Post($"/media/{id}/reprocess")).Data;
        var asset = await Eventually.Get("it was tried", async () => (await unversioned.Tenant.Get($"/media/{id}")).Data is { } one && one["status"]!.GetValue<string>() != "processing" ? one : null);
        Assert.That(asset["processing_warnings"]!.ToJsonString(), Does.Contain("ORIGINAL_CHANGED"), asset.ToJsonString());
        Assert.That(asset["variants"]!.AsArray(), Has.Count.EqualTo(2), "what was rendered of the one that was verified stays");
        _ = (await unversioned.Tenant.Post($"/media/{id}/share", new { What = "original" })).Data;
        await Eventually.Is("no copy leaves", async () => (await unversioned.Tenant.Get($"/jobs?subject_id={id}&type=ORIGINAL_CLEAN")).Data[0]!["error_code"]?.GetValue<string>() == "ORIGINAL_CHANGED");
    }

    [Test]
    public async Task What_is_longer_than_allowed_is_refused_before_a_byte_is_read()
    {
        await using var small = await Platform.Start(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn("s3"), StringComparer.Ordinal) { ["Media:MaxFileBytes"] = "1000" });
        Assert.That((await small.Do(small.Tenant, new AllowRegistering([$"s3://{small.Bucket}/"]))).Succeeded, Is.True);
        await small.Store.Put("history/noise.jpg", new MemoryStream(new byte[1001]), "image/jpeg", CancellationToken.None); // which is no picture, as the first bytes would tell

        var begun = (await small.Tenant.Post("/media/register", new { Items = new[] { new { Uri = $"s3://{small.Bucket}/history/noise.jpg" } } })).Data[0]!;

        await Eventually.Is("it is refused for its length", async () => (await small.Tenant.Get($"/uploads/{begun["id"]}")).Data["error_code"]?.GetValue<string>() == "UPLOAD_TOO_LARGE");
    }

    [Test]
    public async Task What_the_platform_keeps_for_a_client_is_registered_by_none()
    {
        var tenant = await Platform.CreateTenant($"whole-{origin}");
        await Allow(tenant, $"s3://{Platform.Bucket}/");

        (await tenant.Post("/media/register", new { Items = new[] { new { Uri = $"s3://{Platform.Bucket}/{Owner.ClientId:n}/media/aa/{Guid.NewGuid():n}/original" } } }))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "S3_PREFIX_NOT_ALLOWED");
        (await tenant.Post("/media/register", new { Items = new[] { new { Uri = $"s3://{Platform.Bucket}/renditions/aa/{Guid.NewGuid():n}/thumb.1.jpg" } } }))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "S3_PREFIX_NOT_ALLOWED");
    }

    [Test]
    public async Task A_registered_original_comes_through_the_API_where_that_delivers()
    {
        await using var delivering = await Platform.Start(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn("s3"), StringComparer.Ordinal) { ["MEDIA_DELIVERY"] = "local" });
        var bytes = Samples.Jpeg(Interlocked.Increment(ref numbers));
        await delivering.Store.Put("history/Été \"1\" 日本.jpg", new MemoryStream(bytes), "image/jpeg", CancellationToken.None);
        Assert.That((await delivering.Do(delivering.Tenant, new AllowRegistering([$"s3://{delivering.Bucket}/"]))).Succeeded, Is.True);
        var begun = (await delivering.Tenant.Post("/media/register", new { Items = new[] { new { Uri = $"s3://{delivering.Bucket}/history/Été \"1\" 日本.jpg" } } })).Data[0]!;
        var asset = await Eventually.Get("it is an asset", async () => (await delivering.Tenant.Get($"/uploads/{begun["id"]}")).Data["asset_id"]);

        var link = (await delivering.Tenant.Get($"/media/{asset}/content")).Expect(HttpStatusCode.Redirect).Headers.Location!.OriginalString;
        Assert.That((await delivering.Nobody.Get(link)).Expect(HttpStatusCode.OK).Bytes, Is.EqualTo(bytes));
    }

    [TestCase("history/not-there.jpg", "S3_OBJECT_NOT_FOUND")]
    public async Task What_is_not_there_is_refused(string key, string code)
    {
        var upload = await Registered(new JsonObject { ["uri"] = $"s3://{Platform.Bucket}/{key}" });

        Assert.That(upload["status"]!.GetValue<string>(), Is.EqualTo("rejected"), upload.ToJsonString());
        Assert.That(upload["error_code"]!.GetValue<string>(), Is.EqualTo(code));
    }

    [Test]
    public async Task What_was_not_there_is_taken_in_when_its_job_is_tried_again()
    {
        var bytes = Samples.Jpeg(Interlocked.Increment(ref numbers));
        var upload = await Registered(new JsonObject { ["uri"] = $"s3://{Platform.Bucket}/history/later.jpg" });
        await Lay("history/later.jpg", bytes);
        var job = (await Owner.Get($"/jobs?subject_id={upload["id"]}")).Data[0]!["id"]!;

        _ = (await Owner.Post($"/jobs/{job}/retry")).Data;

        await Eventually.Is("it is taken in", async () => (await Owner.Get($"/uploads/{upload["id"]}")).Data["status"]!.GetValue<string>() == "completed");
    }

    [TestCase("http://bucket/key.jpg")]
    [TestCase("s3://bucket")]
    [TestCase("s3://b/key.jpg")]
    [TestCase("s3://Bucket/key.jpg")]
    [TestCase("s3://bucket/")]
    [TestCase("s3://bucket/history/../secret.jpg")]
    [TestCase("s3://bucket/history/./a.jpg")]
    [TestCase("s3://bucket/..")]
    [TestCase("s3://bucket/a.jpg\t\"tag\"\t")]
    public async Task What_is_no_address_is_told(string uri) =>
        (await Owner.Post("/media/register", new { Items = new[] { new { Uri = uri } } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

    [TestCase("s3://bucket")]
    [TestCase("s3://bucket/folder")]
    [TestCase("s3://B/")]
    [TestCase("s3://bucket/a/../")]
    [TestCase("*")]
    public async Task What_is_no_prefix_allows_nothing(string prefix) =>
        Assert.That((await Platform.Do(Owner, new AllowRegistering([prefix]))).Errors.Select(error => error.Message), Has.One.StartsWith($"'{prefix}' is no prefix"));

    private async Task Allow(Tenant tenant, string prefix) =>
        Assert.That((await Platform.Do(tenant, new AllowRegistering([prefix]))).Succeeded, Is.True);

    private async Task<string> Lay(string key, byte[] bytes)
    {
        await s3.Put(key, new MemoryStream(bytes), "image/jpeg", CancellationToken.None);
        return $"s3://{Platform.Bucket}/{key}";
    }

    private async Task<JsonNode> Registered(JsonObject item, Tenant? tenant = null)
    {
        tenant ??= Owner;
        var begun = (await tenant.Post("/media/register", new JsonObject { ["items"] = new JsonArray(item) })).Expect(HttpStatusCode.Accepted).Data[0]!;
        return await Eventually.Get("the upload has come to an end", async () =>
            (await tenant.Get($"/uploads/{begun["id"]}")).Data is { } upload && upload["status"]!.GetValue<string>() is ("completed" or "rejected") ? upload : null);
    }

    private async Task<JsonNode> Ready(JsonNode upload) => await Eventually.Get("the asset is ready", async () =>
        (await Owner.Get($"/media/{upload["asset_id"]}")).Data is { } asset && asset["status"]!.GetValue<string>() != "processing" ? asset : null);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
