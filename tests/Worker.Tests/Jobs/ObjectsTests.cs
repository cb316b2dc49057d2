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
    }

    private Task<object?> GivenDeletion(string key) => platform.Sql<object>(
        $"insert into object_deletions (client_id, storage_provider, storage_key, reason) values ('{platform.Tenant.ClientId}', 'local', '{key}', 'test')");
}
