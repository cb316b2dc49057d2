using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>Every way in and every reason to refuse: a rule that holds for one way holds for all.</summary>
[TestFixture("local")]
[TestFixture("s3")]
internal sealed class OneGateTests(string origin) : PlatformFixture
{
    private const int MaxFileBytes = 8 << 20;
    private static readonly string[] Ways = ["form", "link", "parts", "register", "fetch by a name of ours", "fetch by the server's name"];
    private static int numbers = 20_000;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private Tenant tiffOnly = null!;
    private IMediaStore s3 = null!;
    private WebApplication site = null!;

    protected override async Task<Platform> Begin()
    {
        site = Held(await OtherServer.Start(app => app.MapGet("/{number}/{name}", (string number) => Results.Bytes(files[number], "application/octet-stream"))));
        return await Platform.Start(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn(origin), StringComparer.Ordinal)
        {
            ["Media:MaxFileBytes"] = $"{MaxFileBytes}", ["Media:PartsAboveBytes"] = $"{6 << 20}", ["Media:PartBytes"] = $"{5 << 20}",
            ["Fetch:AllowedNetworks:0"] = "127.0.0.1/32", ["Fetch:Ports:0"] = $"{new Uri(site.Urls.First()).Port}",
        });
    }

    [OneTimeSetUp]
    public async Task Prepare()
    {
        await Platform.MakeBucket();
        s3 = Platform.ApiServices.GetRequiredService<MediaStores>().ForRegistered!;
        tiffOnly = await Platform.CreateTenant("tiff-only");
        await Platform.Sql<object>($"update clients set allowed_file_types = '{{image/tiff}}' where id = '{tiffOnly.ClientId}'");
        foreach (var tenant in new[] { Owner, tiffOnly }) await Platform.Do(tenant, new AllowRegistering([$"s3://{Platform.Bucket}/history/"]));
    }

    [Test]
    public async Task A_good_file_comes_in([ValueSource(nameof(Ways))] string way) =>
        Assert.That(await Send(way, Owner, File(way), "photo.jpg", "image/jpeg"), Is.EqualTo("completed"));

    [Test]
    public async Task An_ending_of_another_format_is_refused([ValueSource(nameof(Ways))] string way) =>
        Assert.That(await Send(way, Owner, File(way), "photo.png"), Is.EqualTo("MEDIA_EXTENSION_MISMATCH"));

    [Test]
    public async Task A_declared_type_of_another_format_is_refused([ValueSource(nameof(Ways))] string way) =>
        Assert.That(await Send(way, Owner, File(way), "photo.jpg", "image/png"), Is.EqualTo("MEDIA_MIME_MISMATCH"));

    [TestCase("<html><script>alert(1)</script></html>", "MEDIA_TYPE_NOT_SUPPORTED")]
    [TestCase("\u0001\u0002\u0003 nothing begins like this", "MEDIA_TYPE_UNKNOWN")]
    public async Task What_is_no_media_is_refused_by_each_way_whatever_its_name(string content, string code)
    {
        foreach (var way in Ways.Where(way => way != "parts")) // which are for longer files
            Assert.That(await Send(way, Owner, System.Text.Encoding.UTF8.GetBytes(content), "photo.jpg"), Is.EqualTo(code), way);
    }

    [Test]
    public async Task A_hash_that_lies_is_refused([ValueSource(nameof(Ways))] string way) =>
        Assert.That(await Send(way, Owner, File(way), "photo.jpg", sha256: new string('0', 64)), Is.EqualTo("UPLOAD_HASH_MISMATCH"));

    [Test]
    public async Task What_the_client_does_not_take_in_is_refused([ValueSource(nameof(Ways))] string way) =>
        Assert.That(await Send(way, tiffOnly, File(way), "photo.jpg"), Is.EqualTo("MEDIA_TYPE_NOT_ALLOWED"));

    [Test]
    public async Task What_its_name_makes_another_format_is_held_against_what_the_client_takes_in([ValueSource(nameof(Ways))] string way)
    {
        var tiff = HandMade.PlainTiff(Interlocked.Increment(ref numbers), way == "parts" ? 7 << 20 : 0);

        Assert.That(await Send(way, tiffOnly, tiff, "photo.dng"), Is.EqualTo("MEDIA_TYPE_NOT_ALLOWED"), "TIFF by its bytes, camera raw by its name");
        Assert.That(await Send(way, tiffOnly, tiff, "photo.tif"), Is.EqualTo("completed"));
    }

    [Test]
    public async Task Too_many_bytes_are_refused([ValueSource(nameof(Ways))] string way) => Assert.That(
        await Send(way, Owner, Samples.LargeJpeg(MaxFileBytes + 1, Interlocked.Increment(ref numbers)), "photo.jpg"),
        Is.EqualTo(way.StartsWith("fetch", StringComparison.Ordinal) ? "URL_TOO_LARGE" : "UPLOAD_TOO_LARGE"));

    [Test]
    public async Task No_bytes_are_refused([ValueSource(nameof(Ways))] string way) => Assert.That(
        await Send(way, Owner, [], "photo.jpg"), Is.EqualTo(way is "link" or "parts" ? "VALIDATION_ERROR" : "UPLOAD_EMPTY"));

    [Test]
    public async Task What_lies_in_the_trash_is_not_brought_back_unasked([ValueSource(nameof(Ways))] string way)
    {
        var bytes = File(way);
        var id = (await Owner.Upload(bytes)).Expect(HttpStatusCode.Created).Id;
        _ = (await Owner.Delete($"/media/{id}")).Data;

        Assert.That(await Send(way, Owner, bytes, "photo.jpg"), Is.EqualTo("DUPLICATE_IN_TRASH"));
        (await Owner.Get($"/media/{id}")).Expect(HttpStatusCode.Gone);
    }

    private static byte[] File(string way) => Samples.LargeJpeg(way == "parts" ? 7 << 20 : 1000, Interlocked.Increment(ref numbers));

    /// <summary>Sends a file in; gives the code of the refusal, or the status of the upload.</summary>
    private async Task<string> Send(string way, Tenant tenant, byte[] bytes, string name, string? mimeType = null, string? sha256 = null)
    {
        var body = new JsonObject();
        if (mimeType is not null) body["mime_type"] = mimeType;
        if (sha256 is not null) body["sha256"] = sha256;
        switch (way)
        {
            case "form":
                var reply = await tenant.Upload(bytes, name, mimeType, waitSeconds: 0, sha256 is null ? [] : [("sha256", sha256)]);
                return reply.Status is HttpStatusCode.Created ? "completed" : reply.Codes.Single();
            case "link" or "parts":
                var begun = await tenant.BeginUpload(bytes, name, body);
                if (begun.Status is not HttpStatusCode.Created) return begun.Codes.Single();
                Assert.That(begun.Data["upload"]!["kind"]!.GetValue<string>(), Is.EqualTo(way == "parts" ? "multipart" : "presigned"));
                await Platform.SendParts(begun.Data["parts"]!, bytes);
                return await End(tenant, (await tenant.Post($"/uploads/{begun.Data["upload"]!["id"]}/complete")).Expect(HttpStatusCode.Accepted).Data);
            case "register":
                var key = $"history/{Guid.NewGuid():n}/{name}";
                await s3.Put(key, new MemoryStream(bytes), "image/jpeg", CancellationToken.None);
                body["uri"] = $"s3://{Platform.Bucket}/{key}";
                var code = await End(tenant, (await tenant.Post("/media/register", new JsonObject { ["items"] = new JsonArray(body) })).Expect(HttpStatusCode.Accepted).Data[0]!);
                Assert.That(await s3.Head(key, CancellationToken.None), Is.EqualTo(bytes.Length), "it is not ours to delete");
                return code;
            default:
                var number = $"{Guid.NewGuid():n}";
                files[number] = bytes;
                body["url"] = $"{site.Urls.First()}/{number}/{(way.EndsWith("ours", StringComparison.Ordinal) ? "download" : name)}?signature=secret";
                if (way.EndsWith("ours", StringComparison.Ordinal)) body["file_name"] = name;
                return await End(tenant, (await tenant.Post("/media/fetch", body)).Expect(HttpStatusCode.Accepted).Data);
        }
    }

    private async Task<string> End(Tenant tenant, JsonNode begun)
    {
        var upload = await Eventually.Get("the upload has come to an end", async () =>
            (await tenant.Get($"/uploads/{begun["id"]}")).Data is { } one && one["status"]!.GetValue<string>() is "completed" or "rejected" or "conflict" ? (await tenant.Get($"/uploads/{begun["id"]}")).Data : null);
        if (upload["status"]!.GetValue<string>() is "completed") return "completed";

        var url = await Platform.Sql<string>($"select source_url from uploads where id = '{upload["id"]}'");
        if (upload["status"]!.GetValue<string>() is "rejected") Assert.That(url, Is.Null, "it may carry a signature");
        else Assert.That(url ?? "", Does.Not.Contain("secret"));
        if (upload["status"]!.GetValue<string>() is "rejected")
        {
            await Eventually.Is("nothing stays", async () =>
                !(await Platform.StoredObjects()).Any(stored => stored.Contains($"/{upload["id"]!.GetValue<Guid>():n}/", StringComparison.Ordinal)));
        }

        return upload["error_code"]!.GetValue<string>();
    }
}
