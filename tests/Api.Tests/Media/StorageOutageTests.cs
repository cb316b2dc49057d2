using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

[Parallelizable(ParallelScope.All)]
internal sealed class StorageOutageTests
{
    [Test]
    public async Task Without_the_disk_uploads_are_refused_until_it_is_back()
    {
        await using var platform = await Platform.Start();
        var before = (await platform.Tenant.Upload(Samples.Jpeg(40))).Expect(HttpStatusCode.Created);
        var link = (await platform.Tenant.Get($"/media/{before.Id}/content")).Headers.Location!.OriginalString;
        Directory.Move(platform.StorageRoot, platform.StorageRoot + ".away");

        var refused = await platform.Tenant.Upload(Samples.Jpeg(41));
        refused.ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_UNAVAILABLE");
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
        (await platform.Nobody.Get(link)).ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_UNAVAILABLE");
        Assert.That(Directory.Exists(platform.StorageRoot), Is.False, "A missing root is not made: it would hide the disk that belongs there.");

        Directory.Move(platform.StorageRoot + ".away", platform.StorageRoot);
        (await platform.Tenant.Upload(Samples.Jpeg(41))).Expect(HttpStatusCode.Created);
        (await platform.Nobody.Get(link)).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_disk_that_goes_during_an_upload_keeps_nothing()
    {
        await using var platform = await Platform.Start();
        var body = new Form().File(Samples.LargeJpeg(3 << 20, 42), "going.jpg").Bytes;
        using var upload = await RawUpload.Begin(platform, platform.Tenant, body.Length);
        await upload.Send(body.AsMemory(0, body.Length / 2));
        await Eventually.Is("bytes are being written", () => Task.FromResult(platform.StoredKeys().Length > 0));
        Directory.Move(platform.StorageRoot, platform.StorageRoot + ".away");

        await upload.Send(body.AsMemory(body.Length / 2));
        var answer = await upload.ReadAnswer();

        Assert.That(answer, Does.StartWith("HTTP/1.1 503").And.Contain("STORAGE_UNAVAILABLE"));
        Assert.That(Directory.Exists(platform.StorageRoot), Is.False, "A missing root is not made: it would hide the disk that belongs there.");
        Assert.That(await platform.Sql<string>("select error_code from uploads where status = 'rejected'"), Is.EqualTo("STORAGE_UNAVAILABLE"));
    }

    [Test]
    public async Task Without_the_S3_server_uploads_are_refused_until_it_is_back()
    {
        await using var relay = Relay.To(TestServers.S3.Host, TestServers.S3.Port);
        await using var platform = await Platform.Start(withWorker: true, Through(relay));
        var before = (await platform.Tenant.Upload(Samples.Jpeg(60), waitSeconds: 30)).Expect(HttpStatusCode.Created);
        var begun = (await platform.Tenant.BeginUpload(Samples.Jpeg(61))).Data;
        await relay.Close();

        var refused = await platform.Tenant.Upload(Samples.Jpeg(62));
        refused.ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_UNAVAILABLE");
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
        (await platform.Tenant.Post($"/uploads/{begun["upload"]!["id"]}/complete")).ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_UNAVAILABLE");
        (await platform.Tenant.Post("/uploads", new { FileName = "a.mov", SizeBytes = 100L << 20 })).ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_UNAVAILABLE");
        (await platform.Tenant.Post($"/media/{before.Id}/reprocess")).Expect(HttpStatusCode.Accepted);
        await Eventually.Is("the job says what it waits for", async () =>
            (await platform.Tenant.Get($"/jobs?subject_id={before.Id}")).Data.ToJsonString().Contains("STORAGE_UNAVAILABLE", StringComparison.Ordinal));

        relay.Open();
        (await platform.Tenant.Upload(Samples.Jpeg(62), waitSeconds: 30)).Expect(HttpStatusCode.Created);
        await Eventually.Is("the job goes on", async () => (await platform.Tenant.Get($"/media/{before.Id}")).Data["status"]!.GetValue<string>() == "ready");
        await platform.SendParts(begun["parts"]!, Samples.Jpeg(61));
        Assert.That((await platform.Tenant.Post($"/uploads/{begun["upload"]!["id"]}/complete", headers: ("Prefer", "wait=30"))).Data["status"]!.GetValue<string>(), Is.EqualTo("completed"));
    }

    [Test]
    public async Task An_S3_server_that_goes_during_an_upload_keeps_nothing_of_it()
    {
        await using var relay = Relay.To(TestServers.S3.Host, TestServers.S3.Port);
        await using var platform = await Platform.Start(withWorker: true, Through(relay));
        var body = new Form().File(Samples.LargeJpeg(40 << 20, 63), "going.jpg").Bytes;
        using var upload = await RawUpload.Begin(platform, platform.Tenant, body.Length);
        await upload.Send(body.AsMemory(0, body.Length / 2));
        await relay.Close();

        await upload.Send(body.AsMemory(body.Length / 2));
        var answer = await upload.ReadAnswer();

        Assert.That(answer, Does.StartWith("HTTP/1.1 503").And.Contain("STORAGE_UNAVAILABLE"));
        Assert.That(await platform.Sql<string>("select error_code from uploads where status = 'rejected'"), Is.EqualTo("STORAGE_UNAVAILABLE"));
        relay.Open();
        await Eventually.Is("nothing stays, parts neither", async () =>
            await platform.Sql<long>("select count(*) from object_deletions") == 0 && (await platform.StoredObjects()).Length == 0);
    }

    private static Dictionary<string, string?> Through(Relay relay) => new(Platform.StoredIn("s3"), StringComparer.Ordinal)
    {
        ["S3:ServiceUrl"] = $"http://127.0.0.1:{relay.Port}", ["S3:MaxRetries"] = "0", ["S3:Timeout"] = "00:00:05",
    };

    [Test]
    public async Task The_last_room_of_the_disk_is_left_free()
    {
        await using var platform = await Platform.Start(overrides: new Dictionary<string, string?> { ["Storage:MinFreeBytes"] = $"{long.MaxValue / 2}" });

        var refused = await platform.Tenant.Upload(Samples.Jpeg(43));

        refused.ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_FULL");
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
        Assert.That(platform.StoredKeys(), Is.Empty);
    }

    [Test]
    public async Task A_disk_that_fills_up_during_an_upload_keeps_nothing_of_it()
    {
        using var disk = TinyDisk.Mount(1 << 20);
        await using var platform = await Platform.Start(overrides: new Dictionary<string, string?> { ["Storage:Root"] = disk.Root, ["Storage:MinFreeBytes"] = "0" });

        var refused = await platform.Tenant.Upload(Samples.LargeJpeg(3 << 20, 44), "too-big.jpg");
        refused.ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_FULL");
        Assert.That(Directory.EnumerateFiles(disk.Root, "*", SearchOption.AllDirectories), Is.Empty);
        Assert.That(await platform.Sql<string>("select error_code from uploads where status = 'rejected'"), Is.EqualTo("STORAGE_FULL"));

        (await platform.Tenant.Upload(Samples.Jpeg(45))).Expect(HttpStatusCode.Created);
    }
}
