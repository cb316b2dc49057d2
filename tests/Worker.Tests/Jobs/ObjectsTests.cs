using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

internal sealed class ObjectsTests() : PlatformForEachTest(withWorker: true, overrides: JobRows.NoBroker)
{
    [Test]
    public async Task The_second_copy_of_the_same_bytes_is_swept_away()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(1))).Id;
        await Owner.AssetBecomes(asset, "ready");
        var stored = Platform.StoredKeys();

        Assert.That((await Owner.Upload(Samples.Jpeg(1))).Id, Is.EqualTo(asset));
        await Eventually.Is("the sweep is through", async () => await Platform.Count("object_deletions") == 0);

        Assert.That(Platform.StoredKeys(), Is.EqualTo(stored));
    }

    [Test]
    public async Task An_object_that_something_refers_to_is_kept_whatever_is_asked()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(1))).Id;
        await Owner.AssetBecomes(asset, "ready");
        var stored = Platform.StoredKeys();

        foreach (var key in stored) await GivenDeletion(key);
        await Eventually.Is("the sweep is through", async () => await Platform.Count("object_deletions") == 0);

        Assert.That(Platform.StoredKeys(), Is.EqualTo(stored));
        Assert.That(Platform.Logs.Count(line => line.StartsWith("Critical", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public async Task A_folder_with_a_rendition_in_use_is_kept_whatever_is_asked()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(1))).Id;
        await Owner.AssetBecomes(asset, "ready");
        var stored = Platform.StoredKeys();
        var folder = Path.GetDirectoryName(stored.First(key => key.StartsWith("renditions/", StringComparison.Ordinal)))!;
        Directory.CreateDirectory(Path.Combine(Platform.StorageRoot, folder + "0")); // a neighbour, by its name
        await File.WriteAllTextAsync(Path.Combine(Platform.StorageRoot, folder + "0", "stray"), "x");

        await GivenDeletion(folder + "/");
        await GivenDeletion(folder + "0/");
        await Eventually.Is("the sweep is through", async () => await Platform.Count("object_deletions") == 0);

        Assert.That(Platform.StoredKeys(), Is.EqualTo(stored), "the stray one is gone, and nothing else");
        Assert.That(Platform.Logs.Count(line => line.StartsWith("Critical", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task What_cannot_be_deleted_is_tried_again_later()
    {
        await File.WriteAllTextAsync(Path.Combine(Platform.StorageRoot, "stray"), "x");
        Directory.Move(Platform.StorageRoot, Platform.StorageRoot + "-away");
        await GivenDeletion("stray");
        await Eventually.Is("a try has failed", async () => await Platform.Count("object_deletions where attempts > 0 and last_error is not null and due_at > now()") == 1);

        Directory.Move(Platform.StorageRoot + "-away", Platform.StorageRoot);
        await Platform.Sql<object>("update object_deletions set due_at = now()");
        await Eventually.Is("a later one succeeds", async () => await Platform.Count("object_deletions") == 0);

        Assert.That(Platform.StoredKeys(), Is.Empty);
    }

    [Test]
    public async Task Reprocessing_keeps_the_variants_meanwhile_and_leaves_nothing_behind()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(1))).Id;
        var variants = (await Owner.AssetBecomes(asset, "ready"))["variants"]!.AsArray().Count;
        var stored = Platform.StoredKeys();
        await Platform.StopWorker();

        var processing = (await Owner.Post($"/media/{asset}/reprocess")).Data;
        Assert.That(processing.Status(), Is.EqualTo("processing"));
        Assert.That((await Owner.Get($"/media/{asset}")).Data["variants"]!.AsArray(), Has.Count.EqualTo(variants));
        Assert.That(Platform.StoredKeys(), Is.EqualTo(stored));

        await Platform.StartWorker();
        await Owner.AssetBecomes(asset, "ready");
        await Eventually.Is("the sweep is through", async () => await Platform.Count("object_deletions") == 0);
        Assert.That(Platform.StoredKeys(), Is.EqualTo(stored));
        Assert.That(Platform.Logs, Has.None.StartsWith("Critical"), "nothing that is in use was let go");
    }

    [Test]
    public async Task An_upload_that_is_refused_after_its_expiry_leaves_nothing()
    {
        var body = new Form().File(Samples.LargeJpeg(300_000), "late.jpg").Field("colour", "blue").Bytes; // which is no field
        using var upload = await RawUpload.Begin(Platform, Owner, body.Length);
        await upload.Send(body.AsMemory(0, body.Length / 2));
        await Eventually.Is("bytes are coming", () => Task.FromResult(Platform.StoredKeys().Length == 1));

        // as the sweep does, which finds no object yet
        await Platform.Sql<object>("update uploads set status = 'expired', error_code = 'UPLOAD_EXPIRED', error_message = 'Too late.'");
        await upload.Send(body.AsMemory(body.Length / 2));

        Assert.That(await upload.ReadAnswer(), Does.StartWith("HTTP/1.1 4").And.Contain("colour"));
        await Eventually.Is("its object is let go", async () => Platform.StoredKeys().Length == 0 && await Platform.Count("object_deletions") == 0);
        Assert.That(await Platform.Sql<string>("select status from uploads"), Is.EqualTo("expired"));
    }

    [Test]
    public async Task What_an_attempt_without_a_lease_stored_for_an_asset_that_was_purged_goes_as_well()
    {
        await Platform.StopWorker();
        var asset = (await Owner.Upload(Samples.Jpeg(1))).Id;
        var copy = Path.Combine(Platform.StorageRoot, Path.GetDirectoryName(Platform.StoredKeys().Single())!, "original.1.jpg");
        var thumb = Path.Combine(Platform.StorageRoot, (await Platform.Sql<string>($"select renditions_folder('{asset}')"))!, "thumb.1.jpg");
        var gate = new Gate();
        await Platform.Sql<object>($"update jobs set type = '{TestHandler.Type}'");
        await Platform.StartWorker(
            new TestHandler((_, stop) => gate.Pass(stop)).Register,
            JobRows.With(("Worker:Lease", "00:10:00"), ("Worker:Heartbeat", "00:04:00"), ("Worker:ScheduleEvery", "00:00:00.2")));
        await Eventually.Is("the handler has it", () => Task.FromResult(gate.Arrived == 1));

        await Platform.Sql<object>("update jobs set status = 'succeeded', lease_token = null, lease_until = null, finished_at = now()"); // by another, long ago
        await GivenPurged(asset);
        await GivenObject(copy);
        await GivenObject(thumb);
        gate.Open();

        await Eventually.Is("nothing is left", () => Task.FromResult(Platform.StoredKeys().Length == 0));
    }

    /// <summary>Purged, and its objects swept.</summary>
    private async Task GivenPurged(Guid asset)
    {
        (await Owner.Delete($"/media/{asset}?purge=true")).Expect(System.Net.HttpStatusCode.OK);
        await Platform.Sql<object>("delete from object_deletions");
        foreach (var key in Platform.StoredKeys()) File.Delete(Path.Combine(Platform.StorageRoot, key));
    }

    private static async Task GivenObject(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "x");
    }

    private Task<object?> GivenDeletion(string key) => Platform.Sql<object>(
        $"insert into object_deletions (client_id, storage_provider, storage_key, reason) values ('{Owner.ClientId}', 'local', '{key}', 'test')");
}
