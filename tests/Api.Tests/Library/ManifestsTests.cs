using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Library;

internal sealed class ManifestsTests() : PlatformFixture
{
    private static int numbers = 4_000;

    [Test]
    public async Task An_export_has_where_everything_came_from_and_links_that_work()
    {
        var (manifest, asset, bytes) = await GivenManifest("wharf", "Wharf at nine.jpg");

        var exported = (await Owner.Get($"/manifests/{manifest}/export")).Expect(HttpStatusCode.OK).Data;

        var item = exported["items"]!.AsArray().Single()!;
        Assert.That((item["library_id"]!.GetValue<Guid>(), item["source"]!.GetValue<string>(), item["segment"]!.GetValue<string>(), item["type"]!.GetValue<string>()), Is.EqualTo((asset, "local-library", "Opening / one", "image")));
        Assert.That(item.AsObject().ContainsKey("provider") && item.AsObject().ContainsKey("source_url"));
        Assert.That(item["file"]!.GetValue<string>(), Is.EqualTo("001-Opening - one/image-001-Wharf at nine.jpg"));
        Assert.That((await Platform.Nobody.Get(item["url"]!.GetValue<string>())).Expect(HttpStatusCode.OK).Bytes, Is.EqualTo(bytes), "without credentials");
        Assert.That(exported.ToJsonString(), Does.Not.Contain("storage_key"));
    }

    [Test]
    public async Task Copies_come_in_an_archive_with_the_document()
    {
        var (manifest, _, bytes) = await GivenManifest("quay", "../../日本 quay.jpg");

        var answer = (await Owner.Get($"/manifests/{manifest}/export?files=copies")).Expect(HttpStatusCode.OK);
        using var archive = new ZipArchive(new MemoryStream(answer.Bytes), ZipArchiveMode.Read);

        Assert.That(answer.ContentHeaders.ContentType!.MediaType, Is.EqualTo("application/zip"));
        var document = JsonNode.Parse(Read(archive.GetEntry("manifest.json")!))!;
        var file = document["items"]![0]!["file"]!.GetValue<string>();
        Assert.That(archive.Entries.Select(entry => entry.FullName), Is.EqualTo(new[] { "manifest.json", file }));
        Assert.That(file.Split('/'), Has.None.EqualTo("..").And.Length.EqualTo(2));
        Assert.That(Read(archive.GetEntry(file)!), Is.EqualTo(bytes));
    }

    [Test]
    public async Task An_original_that_is_not_there_ends_no_archive()
    {
        var (manifest, asset, _) = await GivenManifest("mole", "mole.jpg");
        File.Delete(Path.Combine(Platform.StorageRoot, (await Platform.Sql<string>($"select storage_key from media_assets where id = '{asset}'"))!));

        Reply? answer = null;
        try
        {
            answer = await Owner.Get($"/manifests/{manifest}/export?files=copies");
        }
        catch (HttpRequestException)
        {
            return; // the connection was cut
        }

        Assert.That((int)answer.Status, Is.GreaterThanOrEqualTo(500), answer.Text);
    }

    [Test]
    public async Task What_is_neither_links_nor_copies_is_refused() =>
        (await Owner.Get($"/manifests/{(await GivenManifest("port", "port.jpg")).Manifest}/export?files=all")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

    [Test]
    public async Task Manifests_are_found_by_what_they_have()
    {
        var (manifest, asset, _) = await GivenManifest("dock", "dock.jpg");
        await GivenManifest("basin", "basin.jpg");

        var found = (await Owner.Get($"/manifests?asset_id={asset}&status=open")).Expect(HttpStatusCode.OK).Data.AsArray();

        Assert.That(found.Select(one => one!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { manifest }));
        Assert.That((found[0]!["entries"]!.GetValue<int>(), found[0]!["gathering"]!.GetValue<string>()), Is.EqualTo((1, "done")));
    }

    [Test]
    public async Task A_lease_lasts_as_many_days_as_it_says()
    {
        var made = (await Owner.Post("/manifests", new { Title = "By hand", LeaseDays = 20 })).Expect(HttpStatusCode.Created).Data;

        Assert.That(made["lease_until"]!.GetValue<DateTimeOffset>() - made["created_at"]!.GetValue<DateTimeOffset>(), Is.EqualTo(TimeSpan.FromDays(20)));
        Assert.That(made["gathering"], Is.Null);
        (await Owner.Get($"/manifests/{made["id"]}/gathering")).ExpectProblem(HttpStatusCode.NotFound, "MANIFEST_NOT_GATHERED");
    }

    [TestCase("""{ "title": "No segments", "segments": [] }""", "segments")]
    [TestCase("""{ "title": "Twice", "segments": [{ "key": "a", "tags": ["x"] }, { "key": "a", "tags": ["x"] }] }""", "segments")]
    [TestCase("""{ "title": "", "segments": [{ "key": "a", "tags": ["x"] }] }""", "title")]
    [TestCase("""{ "title": "Bare", "segments": [{ "key": "a" }] }""", "segments[0].tags")]
    [TestCase("""{ "title": "Dashes", "segments": [{ "key": "a", "tags": ["x"] }, { "key": "b", "tags": ["--"] }] }""", "segments[1].tags")]
    [TestCase("""{ "title": "Stop", "segments": [{ "key": "a", "text": "it is so" }] }""", "segments[0].text")]
    [TestCase("""{ "title": "Many", "segments": [{ "key": "a", "tags": ["x"], "images": { "limit": 51 } }] }""", "segments[0].images.limit")]
    [TestCase("""{ "title": "Wide", "segments": [{ "key": "a", "tags": ["x"] }], "desired_aspect_ratio": 0 }""", "desired_aspect_ratio")]
    [TestCase("""{ "title": "Long", "segments": [{ "key": "a", "tags": ["x"] }], "lease_days": 366 }""", "lease_days")]
    public async Task What_cannot_be_gathered_is_refused_by_its_field(string body, string field)
    {
        var before = await Platform.Sql<long>("select count(*) from manifests");
        var refused = (await Owner.Post("/library/gather", JsonNode.Parse(body))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.That(refused.Json["errors"]!.AsArray().Select(error => error!["field"]?.GetValue<string>()), Does.Contain(field), refused.Text);
        Assert.That(await Platform.Sql<long>("select count(*) from manifests"), Is.EqualTo(before));
    }

    [Test]
    public async Task A_field_that_is_not_known_is_told() =>
        (await Owner.Post("/library/gather", new { Title = "Typo", Segments = new[] { new { Key = "a", Tag = "x" } } })).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");

    private async Task<(Guid Manifest, Guid Asset, byte[] Bytes)> GivenManifest(string tag, string name)
    {
        var bytes = Samples.Jpeg(Interlocked.Increment(ref numbers));
        var asset = (await Owner.Upload(bytes, name, fields: [("tags", tag)])).Expect(HttpStatusCode.Created).Id;
        await Platform.Sql<object>($"update media_assets set status = 'ready', width = 1, height = 1 where id = '{asset}'");
        var gathered = (await Owner.Post("/library/gather", new { Title = tag, Segments = new[] { new { Key = "Opening / one", Tags = new[] { tag }, Images = new { MinMatches = 1 }, Videos = new { Limit = 0 } } } })).Expect(HttpStatusCode.Created).Data;
        return (gathered["manifest"]!["id"]!.GetValue<Guid>(), asset, bytes);
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
