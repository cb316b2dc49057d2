using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Infrastructure.Tests.Storage;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class LocalDiskTests : MediaStoreContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mediaplatform-store-").FullName;
    private readonly LocalDisk store;

    public LocalDiskTests()
    {
        Directory.CreateDirectory(Root);
        store = DiskAt(Root);
    }

    protected override IMediaStore Store => store;

    private string Root => Path.Combine(folder, "media");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    protected override Task<IReadOnlyList<string>> Everything() =>
        Task.FromResult<IReadOnlyList<string>>([.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)]);

    protected override async Task<bool> Send(UploadTarget target, string key, byte[] bytes)
    {
        await store.Put(key, new MemoryStream(bytes), Type, CancellationToken.None);
        return true;
    }

    protected override async Task<bool> SendPart(UploadTarget target, string key, string multipartId, int number, byte[] bytes) =>
        await store.PutPart(key, multipartId, number, new MemoryStream(bytes), CancellationToken.None);

    [Test]
    public async Task A_reader_keeps_what_it_opened_while_it_is_deleted()
    {
        await store.Put("a", new MemoryStream(Bytes(5000)), Type, CancellationToken.None);
        await using var stream = (await store.Open("a", CancellationToken.None))!;

        await store.Delete("a", CancellationToken.None);

        var bytes = new byte[5000];
        await stream.ReadExactlyAsync(bytes);
        Assert.That(bytes, Is.EqualTo(Bytes(5000)));
    }

    [TestCase(5 << 20, true)]
    [TestCase((5 << 20) - 1, false)]
    [TestCase((5 << 20) + 1, false)]
    public async Task A_part_has_the_length_that_it_was_to_have(int length, bool fits)
    {
        var layout = new PartLayout(6 << 20, 5 << 20);
        var multipartId = await store.BeginParts("a", Type, layout, CancellationToken.None);

        if (fits) Assert.That(await store.PutPart("a", multipartId, 1, new MemoryStream(Bytes(length)), CancellationToken.None), Is.True);
        else await Assert.ThrowsAsync<IOException>(() => store.PutPart("a", multipartId, 1, new MemoryStream(Bytes(length)), CancellationToken.None));

        Assert.That(await store.ListParts("a", multipartId, CancellationToken.None), Has.Count.EqualTo(fits ? 1 : 0));
    }

    [Test]
    public async Task A_whole_is_not_completed_while_a_part_is_written()
    {
        var layout = new PartLayout(6 << 20, 5 << 20);
        var multipartId = await store.BeginParts("a", Type, layout, CancellationToken.None);
        for (var number = 1; number <= 2; number++) await store.PutPart("a", multipartId, number, new MemoryStream(Bytes((int)layout.LengthOf(number))), CancellationToken.None);
        var parts = (await store.ListParts("a", multipartId, CancellationToken.None))!;
        using var cancellation = new CancellationTokenSource();
        var again = store.PutPart("a", multipartId, 1, new BreakingStream(Bytes(1000), fault: null), cancellation.Token);

        await Assert.ThrowsAsync<PartBusyException>(() => store.CompleteParts("a", multipartId, parts, CancellationToken.None));
        await cancellation.CancelAsync();
        Assert.That(async () => await again, Throws.InstanceOf<OperationCanceledException>());
        await Assert.ThrowsAsync<PartBusyException>(() => store.CompleteParts("a", multipartId, parts, CancellationToken.None), "the part is not whole any more");

        await store.PutPart("a", multipartId, 1, new MemoryStream(Bytes(5 << 20)), CancellationToken.None);
        await store.CompleteParts("a", multipartId, parts, CancellationToken.None);
    }

    [Test]
    public async Task A_part_that_is_sent_again_and_breaks_has_not_arrived()
    {
        var layout = new PartLayout(6 << 20, 5 << 20);
        var multipartId = await store.BeginParts("a", Type, layout, CancellationToken.None);
        await store.PutPart("a", multipartId, 1, new MemoryStream(Bytes(5 << 20)), CancellationToken.None);

        await Assert.ThrowsAsync<IOException>(() => store.PutPart("a", multipartId, 1, new MemoryStream(Bytes(1000)), CancellationToken.None));

        Assert.That(await store.ListParts("a", multipartId, CancellationToken.None), Is.Empty);
    }

    [TestCase("../outside")]
    [TestCase("a/../../outside")]
    [TestCase("/tmp/outside")]
    [TestCase("../media-twin/outside")]
    [TestCase("..")]
    [TestCase("")]
    public async Task A_key_that_leads_out_is_refused(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => store.Put(key, new MemoryStream([1]), Type, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.Open(key, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenFile(key, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.Delete(key, CancellationToken.None));
        Assert.That(await Everything(), Is.Empty);
    }

    [Test]
    public async Task Folders_go_with_their_last_object()
    {
        await store.Put("client/media/aa/one/original", new MemoryStream([1]), Type, CancellationToken.None);
        await store.Delete("client/media/aa/one/original", CancellationToken.None);

        Assert.That(Directory.Exists(Path.Combine(Root, "client/media/aa")), Is.False);
        Assert.That(Directory.Exists(Path.Combine(Root, "client/media")), Is.True);
    }

    [Test]
    public async Task Objects_come_while_others_take_their_folders_along() => await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
    {
        for (var number = 0; number < 100; number++)
        {
            var key = $"client/media/aa/{writer}-{number}/original";
            await store.Put(key, new MemoryStream([1]), Type, CancellationToken.None);
            await store.Delete(key, CancellationToken.None);
        }
    })));

    [Test]
    public async Task A_disk_that_fills_up_says_so_and_keeps_nothing()
    {
        using var disk = TinyDisk.Mount(1 << 20);
        var tiny = DiskAt(disk.Root);

        var full = (await Assert.ThrowsAsync<StorageException>(() => tiny.Put("big", new MemoryStream(Bytes(3 << 20)), Type, CancellationToken.None)))!;

        Assert.That(full.IsFull, Is.True);
        Assert.That(Directory.EnumerateFiles(disk.Root, "*", SearchOption.AllDirectories), Is.Empty);
        await tiny.Put("small", new MemoryStream([1]), Type, CancellationToken.None);
    }

    [Test]
    public async Task The_last_room_is_left_free()
    {
        var careful = DiskAt(Root, long.MaxValue);

        Assert.That((await Assert.ThrowsAsync<StorageException>(() => careful.Put("a", new MemoryStream([1]), Type, CancellationToken.None)))!.IsFull, Is.True);
        Assert.That(await careful.Check(CancellationToken.None), Is.EqualTo("The disk is full."));
        Assert.That(await Everything(), Is.Empty);
    }

    [Test]
    public async Task The_last_room_is_left_free_by_what_is_longer_than_it_as_well()
    {
        using var disk = TinyDisk.Mount(40 << 20);
        var careful = DiskAt(disk.Root, 20 << 20);

        var full = (await Assert.ThrowsAsync<StorageException>(() => careful.Put("long", new MemoryStream(Bytes(36 << 20)), Type, CancellationToken.None)))!;

        Assert.That(full.IsFull, Is.True);
        Assert.That(full.Message, Does.Contain("Storage:MinFreeBytes"));
        Assert.That(Directory.EnumerateFiles(disk.Root, "*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task A_root_that_is_gone_is_an_outage_and_is_not_made_again()
    {
        await store.Put("a", new MemoryStream([1]), Type, CancellationToken.None);
        Directory.Move(Root, Root + ".away");

        foreach (var ask in new Func<Task>[]
        {
            () => store.Put("b", new MemoryStream([1]), Type, CancellationToken.None),
            () => store.Open("a", CancellationToken.None),
            () => store.OpenFile("a", CancellationToken.None),
            () => store.Delete("a", CancellationToken.None),
        })
            Assert.That((await Assert.ThrowsAsync<StorageException>(async () => await ask()))!.IsFull, Is.False);
        Assert.That(await store.Check(CancellationToken.None), Is.Not.Null);
        Assert.That(Directory.Exists(Root), Is.False);

        Directory.Move(Root + ".away", Root);
        Assert.That(await store.Open("a", CancellationToken.None), Is.Not.Null.And.Property(nameof(Stream.Length)).EqualTo(1));
    }

    [Test]
    public async Task Leftovers_go_when_they_are_old_and_nothing_else_does()
    {
        var incoming = Directory.CreateDirectory(Path.Combine(Root, ".incoming")).FullName;
        await File.WriteAllTextAsync(Path.Combine(incoming, "old.part"), "x");
        File.SetLastWriteTimeUtc(Path.Combine(incoming, "old.part"), DateTime.UtcNow.AddDays(-3));
        await File.WriteAllTextAsync(Path.Combine(incoming, "young.part"), "x");
        await store.Put("kept", new MemoryStream([1]), Type, CancellationToken.None);

        await store.RemoveLeftovers(TimeSpan.FromDays(2), CancellationToken.None);

        Assert.That((await Everything()).Select(Path.GetFileName), Is.EquivalentTo(new[] { "young.part", "kept" }));
    }

    private static LocalDisk DiskAt(string root, long minFreeBytes = 0)
    {
        var options = new StorageOptions
        {
            Root = root, MinFreeBytes = minFreeBytes, SigningKeyId = "test", SigningKeys = new(StringComparer.Ordinal) { ["test"] = Convert.ToBase64String(new byte[32]) },
        };
        return new(options, new LocalLinks(options, TimeProvider.System));
    }
}
