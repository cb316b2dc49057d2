using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>Every way in and every reason to refuse: a rule that holds for one way holds for all.</summary>
[TestFixture("local")]
[TestFixture("s3")]
[Parallelizable(ParallelScope.All)]
internal sealed class OneGateTests(string origin)
{
    private const int MaxFileBytes = 8 << 20;
    private static readonly string[] Ways = ["form", "link", "parts", "register", "fetch by a name of ours", "fetch by the server's name"];
    private static int numbers = 20_000;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private Platform platform = null!;
    private Tenant tiffOnly = null!;
    private IMediaStore s3 = null!;
    private WebApplication site = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.MapGet("/{number}/{name}", (string number) => Results.Bytes(files[number], "application/octet-stream"));
        await site.StartAsync();
        platform = await Platform.Start(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn(origin), StringComparer.Ordinal)
        {
            ["Media:MaxFileBytes"] = $"{MaxFileBytes}", ["Media:PartsAboveBytes"] = $"{6 << 20}", ["Media:PartBytes"] = $"{5 << 20}",
            ["Fetch:AllowedNetworks:0"] = "127.0.0.1/32", ["Fetch:Ports:0"] = $"{new Uri(site.Urls.First()).Port}",
        });
        await platform.MakeBucket();
        s3 = platform.ApiServices.GetRequiredService<MediaStores>().ForRegistered!;
        tiffOnly = await platform.CreateTenant("tiff-only");
        await platform.Sql<object>($"update clients set allowed_file_types = '{{image/tiff}}' where id = '{tiffOnly.ClientId}'");
        foreach (var tenant in new[] { platform.Tenant, tiffOnly }) await platform.Do(tenant, new AllowRegistering([$"s3://{platform.Bucket}/history/"]));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await platform.DisposeAsync();
        await site.DisposeAsync();
    }

    [Test]
    public async Task A_good_file_comes_in([ValueSource(nameof(Ways))] string way) =>
        Assert.That(await Send(way, platform.Tenant, File(way), "photo.jpg", "image/jpeg"), Is.EqualTo("completed"));

    [Test]
    public async Task An_ending_of_another_format_is_refused([ValueSource(nameof(Ways))] string way) =>
        Assert.That(await Send(way, platform.Tenant, File(way), "photo.png"), Is.EqualTo("MEDIA_EXTENSION_MISMATCH"));

    [Test]
    public async Task A_declared_type_of_another_format_is_refused([ValueSource(nameof(Ways))] string way) =>
        Assert.That(await Send(way, platform.Tenant, File(way), "photo.jpg", "image/png"), Is.EqualTo("MEDIA_MIME_MISMATCH"));

    [Test]
    public async Task A_hash_that_lies_is_refused([ValueSource(nameof(Ways))] string way) =>
        Assert.That(await Send(way, platform.Tenant, File(way), "photo.jpg", sha256: new string('0', 64)), Is.EqualTo("UPLOAD_HASH_MISMATCH"));

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
        await Send(way, platform.Tenant, Samples.LargeJpeg(MaxFileBytes + 1, Interlocked.Increment(ref numbers)), "photo.jpg"),
        Is.EqualTo(way.StartsWith("fetch", StringComparison.Ordinal) ? "URL_TOO_LARGE" : "UPLOAD_TOO_LARGE"));

    [Test]
    public async Task No_bytes_are_refused([ValueSource(nameof(Ways))] string way) => Assert.That(
        await Send(way, platform.Tenant, [], "photo.jpg"), Is.EqualTo(way is "link" or "parts" ? "VALIDATION_ERROR" : "UPLOAD_EMPTY"));

    [Test]
    public async Task What_lies_in_the_trash_is_not_brought_back_unasked([ValueSource(nameof(Ways))] string way)
    {
        var bytes = File(way);
        var id = (await platform.Tenant.Upload(bytes)).Expect(HttpStatusCode.Created).Id;
        _ = (await platform.Tenant.Delete($"/media/{id}")).Data;

        Assert.That(await Send(way, platform.Tenant, bytes, "photo.jpg"), Is.EqualTo("DUPLICATE_IN_TRASH"));
        (await platform.Tenant.Get($"/media/{id}")).Expect(HttpStatusCode.Gone);
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
                await platform.SendParts(begun.Data["parts"]!, bytes);
                return await End(tenant, (await tenant.Post($"/uploads/{begun.Data["upload"]!["id"]}/complete")).Expect(HttpStatusCode.Accepted).Data);
            case "register":
                var key = $"history/{Guid.NewGuid():n}/{name}";
                await s3.Put(key, new MemoryStream(bytes), "image/jpeg", CancellationToken.None);
                body["uri"] = $"s3://{platform.Bucket}/{key}";
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

        var url = await platform.Sql<string>($"select source_url from uploads where id = '{upload["id"]}'");
        if (upload["status"]!.GetValue<string>() is "rejected") Assert.That(url, Is.Null, "it may carry a signature");
        else Assert.That(url ?? "", Does.Not.Contain("secret"));
        if (upload["status"]!.GetValue<string>() is "rejected")
        {
            await Eventually.Is("nothing stays", async () =>
                !(await platform.StoredObjects()).Any(stored => stored.Contains($"/{upload["id"]!.GetValue<Guid>():n}/", StringComparison.Ordinal)));
        }

        return upload["error_code"]!.GetValue<string>();
    }
}
