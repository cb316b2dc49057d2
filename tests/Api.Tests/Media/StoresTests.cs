using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>The settings of the storage: where media lie, and how clients get at them.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class StoresTests
{
    private static readonly HttpClient Http = new();

    [Test]
    public async Task A_change_of_the_origin_strands_nothing()
    {
        await using var platform = await Platform.Start(withWorker: true);
        await platform.MakeBucket();
        var onDisk = (await platform.Tenant.Upload(Samples.Jpeg(500), waitSeconds: 30)).Expect(HttpStatusCode.Created).Id;
        var begun = (await platform.Tenant.BeginUpload(Samples.Jpeg(501))).Data;

        await platform.Restart(new Dictionary<string, string?> { ["MEDIA_ORIGIN"] = "s3" });

        var inBucket = (await platform.Tenant.Upload(Samples.Jpeg(502), waitSeconds: 30)).Expect(HttpStatusCode.Created).Id;
        await platform.SendParts(begun["parts"]!, Samples.Jpeg(501));
        var late = (await platform.Tenant.Post($"/uploads/{begun["upload"]!["id"]}/complete", headers: ("Prefer", "wait=30"))).Data;
        Assert.That(late["status"]!.GetValue<string>(), Is.EqualTo("completed"), "an upload ends in the store where it began");
        foreach (var (id, provider, number) in new[] { (onDisk, "local", 500), (inBucket, "s3", 502), (late["asset_id"]!.GetValue<Guid>(), "local", 501) })
        {
            var asset = (await platform.Tenant.Get($"/media/{id}")).Data;
            Assert.That(asset["storage_provider"]!.GetValue<string>(), Is.EqualTo(provider));
            Assert.That(await Original(platform, asset), Is.EqualTo(Samples.Jpeg(number)));
        }

        var renditions = (await platform.Sql<string>($"select renditions_folder('{onDisk}')"))!;
        Assert.That(platform.StoredKeys(), Has.Some.StartsWith(renditions));
        _ = (await platform.Tenant.Post($"/media/{onDisk}/reprocess")).Data; // its variants go to the new store, and the old ones go
        await Eventually.Is("its variants are in the new store", async () =>
            (await platform.Tenant.Get($"/media/{onDisk}")).Data is { } asset && asset["status"]!.GetValue<string>() == "ready"
            && (await platform.StoredObjects()).Any(key => key.StartsWith(renditions, StringComparison.Ordinal)));
        await Eventually.Is("the old ones are gone", () => Task.FromResult(!platform.StoredKeys().Any(key => key.StartsWith(renditions, StringComparison.Ordinal))));
        foreach (var id in new[] { onDisk, inBucket, late["asset_id"]!.GetValue<Guid>() }) _ = (await platform.Tenant.Delete($"/media/{id}?purge=true")).Data;
        await Eventually.Is("both stores are empty", async () => platform.StoredKeys().Length == 0 && (await platform.StoredObjects()).Length == 0);
    }

    [Test]
    public async Task A_store_that_is_not_configured_any_more_is_an_outage_and_loses_nothing()
    {
        await using var platform = await Platform.Start(overrides: Platform.StoredIn("s3"));
        var id = (await platform.Tenant.Upload(Samples.Jpeg(510))).Expect(HttpStatusCode.Created).Id;
        var bucket = platform.Bucket;

        await platform.Restart(new Dictionary<string, string?> { ["MEDIA_ORIGIN"] = "local", ["S3:Bucket"] = "", ["MEDIA_DELIVERY"] = "local" });
        var link = (await platform.Tenant.Get($"/media/{id}/content")).Expect(HttpStatusCode.Redirect).Headers.Location!.OriginalString;
        (await platform.Nobody.Get(link)).ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_UNAVAILABLE");

        await platform.Restart(new Dictionary<string, string?> { ["S3:Bucket"] = bucket });
        Assert.That((await platform.Nobody.Get(link)).Expect(HttpStatusCode.OK).Bytes, Is.EqualTo(Samples.Jpeg(510)));
    }

    [Test]
    public async Task Links_are_signed_by_the_store_and_stay_the_same_for_a_while()
    {
        await using var platform = await Platform.Start(withWorker: true, Platform.StoredIn("s3"));
        var id = (await platform.Tenant.Upload(Samples.Photo(), "Dach é.jpg", waitSeconds: 30)).Expect(HttpStatusCode.Created).Id;

        var asset = await platform.Tenant.Get($"/media/{id}");
        var thumb = asset.Data["variants"]![0]!;

        Assert.That(thumb["url"]!.GetValue<string>(), Does.StartWith("http://127.0.0.1").And.Contain("X-Amz-Signature="));
        Assert.That(await Http.GetByteArrayAsync(thumb["url"]!.GetValue<string>()), Has.Length.EqualTo(thumb["size_bytes"]!.GetValue<long>()));
        using var original = await Http.GetAsync((await platform.Tenant.Get($"/media/{id}/content")).Headers.Location);
        Assert.That(await original.Content.ReadAsByteArrayAsync(), Is.EqualTo(Samples.Photo()));
        Assert.That(original.Content.Headers.ContentDisposition!.ToString(), Does.StartWith("inline").And.Contain("filename*=UTF-8''Dach%20%C3%A9.jpg"));
        (await platform.Tenant.Get($"/media/{id}", ("If-None-Match", asset.Headers.ETag!.ToString()))).Expect(HttpStatusCode.NotModified);
    }

    [Test]
    public async Task A_link_of_the_store_ends_with_the_share_that_it_comes_of()
    {
        await using var platform = await Platform.Start(withWorker: true, Platform.StoredIn("s3"));
        var id = (await platform.Tenant.Upload(Samples.Photo(), waitSeconds: 30)).Expect(HttpStatusCode.Created).Id;
        var shared = (await platform.Tenant.Post($"/media/{id}/share", new { What = "thumb", ExpiresInSeconds = 60 })).Data;

        var target = (await platform.Nobody.Get(shared["url"]!.GetValue<string>())).Expect(HttpStatusCode.Found).Headers.Location!.OriginalString;

        string Of(string name) => target.Split('?', '&').Single(one => one.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
        var begins = DateTimeOffset.ParseExact(Of("X-Amz-Date"), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        Assert.That(begins.AddSeconds(int.Parse(Of("X-Amz-Expires"), CultureInfo.InvariantCulture)), Is.EqualTo(shared["expires_at"]!.GetValue<DateTimeOffset>()));
        Assert.That((await Http.GetAsync(target)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_drawing_that_scripts_could_run_in_comes_through_the_API_with_its_policy()
    {
        await using var platform = await Platform.Start(overrides: Platform.StoredIn("s3"));
        var drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"><script>alert(1)</script></svg>"u8.ToArray();
        var id = (await platform.Tenant.Upload(drawing, "drawing.svg")).Expect(HttpStatusCode.Created).Id;

        var original = await platform.Nobody.Get((await platform.Tenant.Get($"/media/{id}/content")).Expect(HttpStatusCode.Redirect).Headers.Location!.OriginalString);

        Assert.That(original.Expect(HttpStatusCode.OK).Bytes, Is.EqualTo(drawing));
        Assert.That(original.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("sandbox"));
        Assert.That(original.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
        Assert.That(original.ContentHeaders.ContentDisposition!.DispositionType, Is.EqualTo("attachment"));
    }

    [Test]
    public async Task Renditions_are_public_and_originals_signed()
    {
        await using var platform = await Platform.Start(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn("s3"), StringComparer.Ordinal)
        {
            ["MEDIA_DELIVERY"] = "public", ["MEDIA_BASE_URL"] = "https://cdn.example/media/",
        });
        var id = (await platform.Tenant.Upload(Samples.Photo(), waitSeconds: 30)).Expect(HttpStatusCode.Created).Id;

        Assert.That((await platform.Tenant.Get($"/media/{id}")).Data["variants"]![0]!["url"]!.GetValue<string>(), Does.Contain("X-Amz-Signature="), "it is private");
        var asset = (await platform.Tenant.Patch($"/media/{id}", new { Visibility = "public" })).Data;

        Assert.That(asset["variants"]![0]!["url"]!.GetValue<string>(), Does.Match("^https://cdn\\.example/media/renditions/[0-9a-f]{2}/[0-9a-f]{32}/thumb\\.1\\.jpg$"));
        Assert.That((await platform.Tenant.Get($"/media/{id}/variants/thumb")).Headers.Location!.OriginalString, Is.EqualTo(asset["variants"]![0]!["url"]!.GetValue<string>()));
        Assert.That((await platform.Tenant.Get($"/media/{id}/content")).Headers.Location!.OriginalString, Does.Contain("X-Amz-Signature="));
    }

    [Test]
    public async Task A_public_URL_leads_to_no_original_however_it_is_changed()
    {
        await using var platform = await Platform.Start(withWorker: true, new Dictionary<string, string?> { ["MEDIA_DELIVERY"] = "public", ["MEDIA_BASE_URL"] = "https://cdn.example/" });
        await using var cdn = await Serving(platform.StorageRoot); // all of it, as a CDN does that was given the whole bucket
        var id = (await platform.Tenant.Upload(ExifTool.Placed(Samples.Photo(), "jpg"), waitSeconds: 30)).Expect(HttpStatusCode.Created).Id;
        _ = (await platform.Tenant.Post($"/media/{id}/share", new { What = "original" })).Data;
        await Eventually.Is("there is a copy of the original", () => Task.FromResult(platform.StoredKeys().Any(key => key.EndsWith("/original.1.jpg", StringComparison.Ordinal))));
        _ = (await platform.Tenant.Patch($"/media/{id}", new { Visibility = "public" })).Data;

        var url = (await platform.Nobody.Get($"/media/{id}/variants/thumb")).Expect(HttpStatusCode.Redirect).Headers.Location!.OriginalString;
        var path = url["https://cdn.example/".Length..];

        Assert.That((await Http.GetAsync($"{cdn.Urls.First()}/{path}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        foreach (var name in new[] { "original", "original.1.jpg", "incoming" })
        {
            foreach (var folder in new[] { Path.GetDirectoryName(path)!, $"media/{id.ToString("n")[^2..]}/{id:n}", $"renditions/{id.ToString("n")[^2..]}/{id:n}" })
                Assert.That((await Http.GetAsync($"{cdn.Urls.First()}/{folder}/{name}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), $"{folder}/{name}");
        }

        Assert.That(url, Does.Not.Contain($"{platform.Tenant.ClientId:n}").And.Not.Contain($"{id:n}"), "what the original's key is made of");
    }

    [Test]
    public async Task What_was_rendered_beside_its_original_is_never_public_by_a_plain_URL()
    {
        await using var platform = await Platform.Start(withWorker: true, new Dictionary<string, string?> { ["MEDIA_DELIVERY"] = "public", ["MEDIA_BASE_URL"] = "https://cdn.example/" });
        var id = (await platform.Tenant.Upload(Samples.Photo(), waitSeconds: 30)).Expect(HttpStatusCode.Created).Id;
        _ = (await platform.Tenant.Patch($"/media/{id}", new { Visibility = "public" })).Data;
        var original = platform.StoredKeys().Single(key => key.EndsWith("/original", StringComparison.Ordinal));
        foreach (var name in new[] { "thumb", "preview" }) // as a version before has stored them
        {
            var key = await platform.Sql<string>($"select storage_key from media_variants where asset_id = '{id}' and preset = '{name}'");
            var old = original.Replace("original", $"{name}.1.jpg", StringComparison.Ordinal);
            File.Move(Path.Combine(platform.StorageRoot, key!), Path.Combine(platform.StorageRoot, old));
            await platform.Sql<object>($"update media_variants set storage_key = '{old}' where asset_id = '{id}' and preset = '{name}'");
        }

        var link = (await platform.Nobody.Get($"/media/{id}/variants/thumb")).Expect(HttpStatusCode.Redirect).Headers.Location!.OriginalString;
        Assert.That(link, Does.StartWith("/api/v1/files/"));
        (await platform.Nobody.Get(link)).Expect(HttpStatusCode.OK);

        _ = (await platform.Tenant.Post($"/media/{id}/reprocess")).Data;
        await Eventually.Is("they have moved", async () => (await platform.Tenant.Get($"/media/{id}")).Data["variants"]!.AsArray().All(variant => variant!["url"]!.GetValue<string>().StartsWith("https://cdn.example/renditions/", StringComparison.Ordinal)));
        await Eventually.Is("the old ones are gone", () => Task.FromResult(platform.StoredKeys().Count(key => key.Contains($"/{id:n}/", StringComparison.Ordinal)) == 1));
    }

    [Test]
    public async Task A_second_store_takes_all_ways_in_and_keeps_nothing_that_was_purged()
    {
        await using var platform = await Platform.Start(withWorker: true, Platform.StoredIn("r2"));
        var byForm = (await platform.Tenant.Upload(Samples.Photo(), waitSeconds: 30)).Expect(HttpStatusCode.Created).Data;
        var byLink = (await platform.Tenant.UploadByLinks(platform, Samples.Jpeg(530))).Data["asset_id"]!;
        Assert.That((byForm["status"]!.GetValue<string>(), byForm["storage_provider"]!.GetValue<string>()), Is.EqualTo(("ready", "r2")));
        Assert.That(byForm["variants"]![0]!["url"]!.GetValue<string>(), Does.Contain("X-Amz-Signature="));
        Assert.That(await Http.GetByteArrayAsync(byForm["variants"]![0]!["url"]!.GetValue<string>()), Has.Length.EqualTo(byForm["variants"]![0]!["size_bytes"]!.GetValue<int>()));
        Assert.That(await Original(platform, byForm), Is.EqualTo(Samples.Photo()));

        foreach (var id in new[] { byForm["id"]!, byLink }) _ = (await platform.Tenant.Delete($"/media/{id}?purge=true")).Data;
        await Eventually.Is("nothing is left", async () => (await platform.StoredObjects()).Length == 0);
    }

    [Test]
    public async Task Without_a_disk_a_bucket_is_enough()
    {
        await using var platform = await Platform.Start(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn("s3"), StringComparer.Ordinal) { ["Storage:Root"] = "" });

        var asset = (await platform.Tenant.Upload(Samples.Jpeg(520), waitSeconds: 30)).Expect(HttpStatusCode.Created).Data;

        Assert.That(asset["status"]!.GetValue<string>(), Is.EqualTo("ready"));
    }

    [TestCase("MEDIA_ORIGIN", "r2", "R2:Bucket")]
    [TestCase("MEDIA_DELIVERY", "public", "MEDIA_BASE_URL")]
    [TestCase("S3:Bucket", "ab", "fewer than three")]
    [TestCase("S3:ServiceUrl", "minio:9000", "S3:ServiceUrl")]
    [TestCase("S3:SecretKey", "", "S3:AccessKey and S3:SecretKey")]
    public async Task Settings_that_cannot_work_stop_the_start_with_their_name(string setting, string value, string expected)
    {
        var fault = await Assert.CatchAsync(async () => await Platform.Start(overrides: new Dictionary<string, string?> { [setting] = value }));

        Assert.That(fault!.ToString(), Does.Contain(expected));
    }

    /// <summary>A folder as a web server shows it, without asking who wants what.</summary>
    private static async Task<WebApplication> Serving(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/{**path}", (string path) => File.Exists(Path.Combine(folder, path)) ? Results.File(Path.Combine(folder, path)) : Results.NotFound());
        await app.StartAsync();
        return app;
    }

    private static async Task<byte[]> Original(Platform platform, JsonNode asset) => await Http.GetByteArrayAsync(
        new Uri(platform.Address, (await platform.Tenant.Get($"/media/{asset["id"]}/content")).Expect(HttpStatusCode.Redirect).Headers.Location!));
}
