using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>Files that are fetched by URL, from a real server that the settings allow.</summary>
[TestFixture("local")]
[TestFixture("s3")]
internal sealed class FetchingMediaTests(string origin) : PlatformFixture
{
    private static readonly byte[] Picture = Samples.LargeJpeg(9 << 20, 77);
    private static int numbers = 1000;
    private WebApplication site = null!;
    private int refusals;

    private string Site => site.Urls.First();

    protected override async Task<Platform> Begin()
    {
        site = Held(await OtherServer.Start(app =>
        {
            app.MapGet("/picture.jpg", () => Results.Bytes(Picture, "image/jpeg"));
            app.MapGet("/new.jpg", (int number) => Results.Bytes(Samples.Jpeg(number), "application/octet-stream"));
            app.MapGet("/image.php", (int number) => Results.Bytes(Samples.Jpeg(number), "text/html"));
            app.MapGet("/named", (int number) => Results.Bytes(Samples.Jpeg(number), fileDownloadName: "Dach é.jpg"));
            app.MapGet("/moved", () => Results.Redirect("/picture.jpg"));
            app.MapGet("/inside", () => Results.Redirect("http://169.254.169.254/latest/meta-data/"));
            app.MapGet("/busy", () => Interlocked.Increment(ref refusals) <= 2 ? Results.StatusCode(503) : Results.Bytes(Samples.Jpeg(999)));
            app.MapGet("/gone", () => Results.NotFound());
            app.MapGet("/short", async (HttpContext context) =>
            {
                context.Response.ContentLength = 100_000;
                await context.Response.Body.WriteAsync(Picture.AsMemory(0, 50_000)); // and the server ends the connection
            });
        }));
        return await Platform.Start(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn(origin), StringComparer.Ordinal)
        {
            ["Fetch:AllowedNetworks:0"] = "127.0.0.1/32", ["Fetch:Ports:0"] = $"{new Uri(Site).Port}", ["Fetch:Ports:1"] = "80",
        });
    }

    [Test]
    public async Task A_file_that_lies_on_the_internet_becomes_an_asset()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Picture));

        var upload = await Fetched(new JsonObject { ["url"] = $"{Site}/moved?signature=secret", ["title"] = "Rooftop", ["tags"] = new JsonArray("Red"), ["sha256"] = hash });

        Assert.That(upload["status"]!.GetValue<string>(), Is.EqualTo("completed"), upload.ToJsonString());
        Assert.That(upload["kind"]!.GetValue<string>(), Is.EqualTo("url"));
        var asset = await Eventually.Get("it is ready", async () =>
            (await Owner.Get($"/media/{upload["asset_id"]}")).Data is { } one && one["status"]!.GetValue<string>() == "ready" ? one : null);
        Assert.That(asset["sha256"]!.GetValue<string>(), Is.EqualTo(hash));
        Assert.That(asset["original_filename"]!.GetValue<string>(), Is.EqualTo("picture.jpg"));
        Assert.That(asset["source"]!.GetValue<string>(), Is.EqualTo("url"));
        Assert.That(asset["source_url"]!.GetValue<string>(), Is.EqualTo($"{Site}/moved"), "without what may be secret");
        Assert.That(asset["title"]!.GetValue<string>(), Is.EqualTo("Rooftop"));
        Assert.That(asset["created_by"]!.GetValue<Guid>(), Is.EqualTo(upload["created_by"]!.GetValue<Guid>()));
        Assert.That(await Platform.Sql<long>("select count(*) from change_log where changes::text like '%signature=secret%'"), Is.Zero);
        Assert.That(Platform.Logs, Has.None.Contains("signature=secret"));
    }

    [TestCase("/image.php?number=", null, "image.jpg")]
    [TestCase("/named?number=", null, "Dach é.jpg")]
    [TestCase("/new.jpg?number=", "mine.jpeg", "mine.jpeg")]
    public async Task Its_name_is_the_callers_or_the_servers(string path, string? name, string expected)
    {
        var body = new JsonObject { ["url"] = $"{Site}{path}{Interlocked.Increment(ref numbers)}" };
        if (name is not null) body["file_name"] = name;

        var upload = await Fetched(body);

        Assert.That(upload["status"]!.GetValue<string>(), Is.EqualTo("completed"), upload.ToJsonString());
        Assert.That((await Owner.Get($"/media/{upload["asset_id"]}")).Data["original_filename"]!.GetValue<string>(), Is.EqualTo(expected));
    }

    [TestCase("/gone", "URL_REFUSED")]
    [TestCase("/inside", "URL_FORBIDDEN")]
    [TestCase("http://10.0.0.1/a.jpg", "URL_FORBIDDEN")]
    [TestCase("http://[::1]/a.jpg", "URL_FORBIDDEN")]
    [TestCase("http://[::ffff:10.0.0.1]/a.jpg", "URL_FORBIDDEN")]
    [TestCase("http://0x0a000001/a.jpg", "URL_FORBIDDEN")]
    public async Task What_may_not_be_fetched_is_refused_and_leaves_nothing(string path, string code)
    {
        var upload = await Fetched(new JsonObject { ["url"] = path.StartsWith('/') ? Site + path : path });

        Assert.That(upload["status"]!.GetValue<string>(), Is.EqualTo("rejected"), upload.ToJsonString());
        Assert.That(upload["error_code"]!.GetValue<string>(), Is.EqualTo(code));
        Assert.That((await Owner.Get($"/jobs?subject_id={upload["id"]}")).Data[0]!.ToJsonString(), Does.Contain(code));
        await NothingStays(upload);
    }

    [Test]
    public async Task A_server_that_is_busy_for_a_moment_is_asked_again()
    {
        var upload = await Fetched(new JsonObject { ["url"] = $"{Site}/busy" });

        Assert.That(upload["status"]!.GetValue<string>(), Is.EqualTo("completed"), upload.ToJsonString());
        Assert.That(refusals, Is.EqualTo(3));
    }

    [Test]
    public async Task A_file_that_ends_early_is_given_up_and_leaves_nothing()
    {
        var upload = await Fetched(new JsonObject { ["url"] = $"{Site}/short" });

        Assert.That(upload["error_code"]!.GetValue<string>(), Is.EqualTo("URL_INCOMPLETE"), upload.ToJsonString());
        await NothingStays(upload);
    }

    [TestCase("ftp://example.com/a.jpg", "URL_INVALID")]
    [TestCase("file:///etc/passwd", "URL_INVALID")]
    [TestCase("http://user:password@example.com/a.jpg", "URL_INVALID")]
    [TestCase("not a url", "URL_INVALID")]
    public async Task What_is_never_fetched_is_told_at_once(string url, string code)
    {
        (await Owner.Post("/media/fetch", new { Url = url })).ExpectProblem(HttpStatusCode.UnprocessableEntity, code);
        Assert.That(await Platform.Sql<long>($"select count(*) from uploads where source_url = '{url}'"), Is.Zero);
    }

    private async Task NothingStays(JsonNode upload) => await Eventually.Is("nothing stays", async () =>
        !(await Platform.StoredObjects()).Any(key => key.Contains($"/{upload["id"]!.GetValue<Guid>():n}/", StringComparison.Ordinal)));

    private async Task<JsonNode> Fetched(JsonObject body)
    {
        var begun = (await Owner.Post("/media/fetch", body)).Expect(HttpStatusCode.Accepted).Data;
        return await Eventually.Get("the upload has come to an end", async () =>
            (await Owner.Get($"/uploads/{begun["id"]}")).Data is { } upload && upload["status"]!.GetValue<string>() is ("completed" or "rejected") ? upload : null);
    }
}
