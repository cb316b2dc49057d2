using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

[Parallelizable(ParallelScope.Self)]
internal sealed class ObjectsTests
{
    private Platform platform = null!;

    [SetUp]
    public async Task Start() => platform = await Platform.Start(withWorker: true, overrides: JobRows.NoBroker);

    [TearDown]
    public async Task Stop() => await platform.DisposeAsync();

    [Test]
    public async Task The_second_copy_of_the_same_bytes_is_swept_away()
    {
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        await platform.Tenant.AssetBecomes(asset, "ready");
        var stored = platform.StoredKeys();

        Assert.That((await platform.Tenant.Upload(Samples.Jpeg(1))).Id, Is.EqualTo(asset));
        await Eventually.Is("the sweep is through", async () => await platform.Count("object_deletions") == 0);

        Assert.That(platform.StoredKeys(), Is.EqualTo(stored));
    }

    [Test]
    public async Task An_object_that_something_refers_to_is_kept_whatever_is_asked()
    {
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        await platform.Tenant.AssetBecomes(asset, "ready");
        var stored = platform.StoredKeys();

        foreach (var key in stored) await GivenDeletion(key);
        await Eventually.Is("the sweep is through", async () => await platform.Count("object_deletions") == 0);

        Assert.That(platform.StoredKeys(), Is.EqualTo(stored));
        Assert.That(platform.Logs.Count(line => line.StartsWith("Critical", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public async Task A_folder_with_a_rendition_in_use_is_kept_whatever_is_asked()
    {
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        await platform.Tenant.AssetBecomes(asset, "ready");
        var stored = platform.StoredKeys();
        var folder = Path.GetDirectoryName(stored.First(key => key.StartsWith("renditions/", StringComparison.Ordinal)))!;
        Directory.CreateDirectory(Path.Combine(platform.StorageRoot, folder + "0")); // a neighbour, by its name
        await File.WriteAllTextAsync(Path.Combine(platform.StorageRoot, folder + "0", "stray"), "x");

        await GivenDeletion(folder + "/");
        await GivenDeletion(folder + "0/");
        await Eventually.Is("the sweep is through", async () => await platform.Count("object_deletions") == 0);

        Assert.That(platform.StoredKeys(), Is.EqualTo(stored), "the stray one is gone, and nothing else");
        Assert.That(platform.Logs.Count(line => line.StartsWith("Critical", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task What_cannot_be_deleted_is_tried_again_later()
    {
        await File.WriteAllTextAsync(Path.Combine(platform.StorageRoot, "stray"), "x");
        Directory.Move(platform.StorageRoot, platform.StorageRoot + "-away");
        await GivenDeletion("stray");
        await Eventually.Is("a try has failed", async () => await platform.Count("object_deletions where attempts > 0 and last_error is not null and due_at > now()") == 1);

        Directory.Move(platform.StorageRoot + "-away", platform.StorageRoot);
        await platform.Sql<object>("update object_deletions set due_at = now()");
        await Eventually.Is("a later one succeeds", async () => await platform.Count("object_deletions") == 0);

        Assert.That(platform.StoredKeys(), Is.Empty);
    }

    [Test]
    public async Task Reprocessing_keeps_the_variants_meanwhile_and_leaves_nothing_behind()
    {
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        var variants = (await platform.Tenant.AssetBecomes(asset, "ready"))["variants"]!.AsArray().Count;
        var stored = platform.StoredKeys();
        await platform.StopWorker();

        var processing = (await platform.Tenant.Post($"/media/{asset}/reprocess")).Data;
        Assert.That(processing.Status(), Is.EqualTo("processing"));
        Assert.That((await platform.Tenant.Get($"/media/{asset}")).Data["variants"]!.AsArray(), Has.Count.EqualTo(variants));
        Assert.That(platform.StoredKeys(), Is.EqualTo(stored));

        await platform.StartWorker();
        await platform.Tenant.AssetBecomes(asset, "ready");
        await Eventually.Is("the sweep is through", async () => await platform.Count("object_deletions") == 0);
        Assert.That(platform.StoredKeys(), Is.EqualTo(stored));
        Assert.That(platform.Logs, Has.None.StartsWith("Critical"), "nothing that is in use was let go");
    }

    [Test]
    public async Task An_upload_that_is_refused_after_its_expiry_leaves_nothing()
    {
        var body = new Form().File(Samples.LargeJpeg(300_000), "late.jpg").Field("colour", "blue").Bytes; // which is no field
        using var upload = await RawUpload.Begin(platform, platform.Tenant, body.Length);
        await upload.Send(body.AsMemory(0, body.Length / 2));
        await Eventually.Is("bytes are coming", () => Task.FromResult(platform.StoredKeys().Length == 1));

        // as the sweep does, which finds no object yet
        await platform.Sql<object>("update uploads set status = 'expired', error_code = 'UPLOAD_EXPIRED', error_message = 'Too late.'");
        await upload.Send(body.AsMemory(body.Length / 2));

        Assert.That(await upload.ReadAnswer(), Does.StartWith("HTTP/1.1 4").And.Contain("colour"));
        await Eventually.Is("its object is let go", async () => platform.StoredKeys().Length == 0 && await platform.Count("object_deletions") == 0);
        Assert.That(await platform.Sql<string>("select status from uploads"), Is.EqualTo("expired"));
    }

    [Test]
    public async Task What_an_attempt_without_a_lease_stored_for_an_asset_that_was_purged_goes_as_well()
    {
        await platform.StopWorker();
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        var copy = Path.Combine(platform.StorageRoot, Path.GetDirectoryName(platform.StoredKeys().Single())!, "original.1.jpg");
        var thumb = Path.Combine(platform.StorageRoot, (await platform.Sql<string>($"select renditions_folder('{asset}')"))!, "thumb.1.jpg");
        var gate = new Gate();
        await platform.Sql<object>($"update jobs set type = '{TestHandler.Type}'");
        await platform.StartWorker(
            new TestHandler((_, stop) => gate.Pass(stop)).Register,
            JobRows.With(("Worker:Lease", "00:10:00"), ("Worker:Heartbeat", "00:04:00"), ("Worker:ScheduleEvery", "00:00:00.2")));
        await Eventually.Is("the handler has it", () => Task.FromResult(gate.Arrived == 1));

        await platform.Sql<object>("update jobs set status = 'succeeded', lease_token = null, lease_until = null, finished_at = now()"); // by another, long ago
        await GivenPurged(asset);
        await GivenObject(copy);
        await GivenObject(thumb);
        gate.Open();

        await Eventually.Is("nothing is left", () => Task.FromResult(platform.StoredKeys().Length == 0));
    }

    /// <summary>Purged, and its objects swept.</summary>
    private async Task GivenPurged(Guid asset)
    {
        (await platform.Tenant.Delete($"/media/{asset}?purge=true")).Expect(System.Net.HttpStatusCode.OK);
        await platform.Sql<object>("delete from object_deletions");
        foreach (var key in platform.StoredKeys()) File.Delete(Path.Combine(platform.StorageRoot, key));
    }

    private static async Task GivenObject(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "x");
    }

    private Task<object?> GivenDeletion(string key) => platform.Sql<object>(
        $"insert into object_deletions (client_id, storage_provider, storage_key, reason) values ('{platform.Tenant.ClientId}', 'local', '{key}', 'test')");
}
