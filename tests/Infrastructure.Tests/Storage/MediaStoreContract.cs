using System.Security.Cryptography;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Infrastructure.Tests.Storage;

/// <summary>What every media storage keeps to. A fixture for each kind inherits it.</summary>
internal abstract class MediaStoreContract
{
    protected const string Type = "image/jpeg";

    private const string Key = "0190bebe000070008000000000000001/media/aa/0190bebe0000700080000000000000aa/original";

    protected abstract IMediaStore Store { get; }

    /// <summary>All that the store holds: older versions and unfinished writes included.</summary>
    protected abstract Task<IReadOnlyList<string>> Everything();

    /// <summary>Does what a client does with a link of <see cref="IMediaStore.SignPut"/>.</summary>
    /// <returns>Whether the store took the bytes.</returns>
    protected abstract Task<bool> Send(UploadTarget target, string key, byte[] bytes);

    /// <summary>Does what a client does with a link of <see cref="IMediaStore.SignPart"/>.</summary>
    /// <returns>Whether the store took the bytes.</returns>
    protected abstract Task<bool> SendPart(UploadTarget target, string key, string multipartId, int number, byte[] bytes);

    [Test]
    public async Task What_is_put_is_read_again_from_anywhere_in_it()
    {
        var bytes = Bytes(1 << 20);
        await Store.Put(Key, new MemoryStream(bytes), Type, CancellationToken.None);

        await using var stream = (await Store.Open(Key, CancellationToken.None))!;
        Assert.That(stream.Length, Is.EqualTo(bytes.Length));
        Assert.That(await ReadAll(stream), Is.EqualTo(bytes));
        stream.Position = 1000;
        var part = new byte[10];
        await stream.ReadExactlyAsync(part);
        Assert.That(part, Is.EqualTo(bytes[1000..1010]));
        Assert.That(await Everything(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_is_put_can_be_read_as_a_file()
    {
        await Store.Put(Key, new MemoryStream(Bytes(5000)), Type, CancellationToken.None);

        using var file = (await Store.OpenFile(Key, CancellationToken.None))!;
        Assert.That(await File.ReadAllBytesAsync(file.Path), Is.EqualTo(Bytes(5000)));
        Assert.That(Path.IsPathRooted(file.Path), Is.True);
    }

    [Test]
    public async Task What_was_never_put_is_not_there()
    {
        Assert.That(await Store.Open(Key, CancellationToken.None), Is.Null);
        Assert.That(await Store.OpenFile(Key, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task What_is_put_again_replaces_the_whole()
    {
        await Store.Put(Key, new MemoryStream(Bytes(5000)), Type, CancellationToken.None);
        await Store.Put(Key, new MemoryStream([1, 2, 3]), Type, CancellationToken.None);

        await using var stream = (await Store.Open(Key, CancellationToken.None))!;
        Assert.That(await ReadAll(stream), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_reader_never_gets_the_bytes_that_took_the_place_of_those_it_opened()
    {
        await Store.Put(Key, new MemoryStream(Bytes(5000)), Type, CancellationToken.None);
        await using var stream = (await Store.Open(Key, CancellationToken.None))!;

        await Store.Put(Key, new MemoryStream(Bytes(5001)), Type, CancellationToken.None);

        try
        {
            Assert.That(await ReadAll(stream), Is.EqualTo(Bytes(5000)));
        }
        catch (StorageException exception)
        {
            Assert.That(exception.IsFull, Is.False);
        }
    }

    [Test]
    public async Task What_is_deleted_is_gone_and_may_be_deleted_again()
    {
        await Store.Put(Key, new MemoryStream([1]), Type, CancellationToken.None);
        await Store.Put(Key + "-2", new MemoryStream([2]), Type, CancellationToken.None);

        await Store.Delete(Key, CancellationToken.None);
        await Store.Delete(Key, CancellationToken.None);
        await Store.Delete("never/was/there", CancellationToken.None);

        Assert.That(await Store.Open(Key, CancellationToken.None), Is.Null);
        Assert.That(await Store.Open(Key + "-2", CancellationToken.None), Is.Not.Null.And.Property(nameof(Stream.Length)).EqualTo(1));
    }

    [Test]
    public async Task A_deletion_leaves_no_version_and_no_part()
    {
        for (var version = 1; version <= 3; version++) await Store.Put(Key, new MemoryStream(Bytes(version)), Type, CancellationToken.None);
        await Store.Delete(Key, CancellationToken.None);
        await Store.Put(Key, new MemoryStream(Bytes(4)), Type, CancellationToken.None);
        var layout = new PartLayout(6 << 20, 5 << 20);
        var multipartId = await Store.BeginParts(Key, Type, layout, CancellationToken.None);
        await SendPart(Key, multipartId, 1, layout, Bytes(5 << 20));

        await Store.Delete(Key, CancellationToken.None);

        Assert.That(await Everything(), Is.Empty);
        Assert.That(await Store.ListParts(Key, multipartId, CancellationToken.None), Is.Null);
        Assert.That(await SendPart(Key, multipartId, 2, layout, Bytes(1 << 20)), Is.False);
        Assert.That(await Everything(), Is.Empty);
    }

    [Test]
    public async Task A_folder_goes_with_all_below_it_and_with_nothing_beside_it()
    {
        foreach (var key in new[] { "a/b/one", "a/b/two", "a/b/c/three", "a/bb", "a/b-c/four" }) await Store.Put(key, new MemoryStream([1]), Type, CancellationToken.None);

        await Store.Delete("a/b/", CancellationToken.None);

        Assert.That(await Keys("a/"), Is.EqualTo(new[] { "a/b-c/four", "a/bb" }));
    }

    [Test]
    public async Task Objects_are_listed_in_the_order_of_their_keys()
    {
        string[] keys = ["list/a-b", "list/a.c", "list/a/b", "list/a/b/c", "list/aa", "lisp", "list-2"];
        foreach (var key in keys.Reverse()) await Store.Put(key == "list/a/b" ? "list/a/bb" : key, new MemoryStream(Bytes(key.Length)), Type, CancellationToken.None);

        Assert.That(await Keys("list/"), Is.EqualTo(new[] { "list/a-b", "list/a.c", "list/a/b/c", "list/a/bb", "list/aa" }));
        Assert.That(await Keys("list/a/"), Is.EqualTo(new[] { "list/a/b/c", "list/a/bb" }));
        Assert.That(await Keys("list"), Has.Length.EqualTo(6));
        Assert.That(await Keys("nothing/"), Is.Empty);
    }

    [Test]
    public async Task An_objects_length_is_told_without_reading_it()
    {
        await Store.Put(Key, new MemoryStream(Bytes(5000)), Type, CancellationToken.None);

        Assert.That(await Store.Head(Key, CancellationToken.None), Is.EqualTo(5000));
        Assert.That(await Store.Head(Key + "-2", CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task A_stream_that_is_longer_than_what_is_held_of_it_in_memory_comes_whole()
    {
        var bytes = Bytes((20 << 20) + 7);
        await Store.Put(Key, new Trickle(bytes), Type, CancellationToken.None);

        await using var stream = (await Store.Open(Key, CancellationToken.None))!;
        Assert.That(SHA256.HashData(await ReadAll(stream)), Is.EqualTo(SHA256.HashData(bytes)));
        Assert.That(await Everything(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_long_stream_that_breaks_leaves_nothing()
    {
        await Assert.ThrowsAsync<InvalidDataException>(
            () => Store.Put(Key, new BreakingStream(Bytes(20 << 20), new InvalidDataException("bad")), Type, CancellationToken.None));

        Assert.That(await Everything(), Is.Empty);
    }

    [Test]
    public async Task A_client_sends_an_object()
    {
        var target = Store.SignPut(Key, 5000, Type, DateTimeOffset.UtcNow.AddHours(1));

        Assert.That(await Send(target, Key, Bytes(5000)), Is.True);

        await using var stream = (await Store.Open(Key, CancellationToken.None))!;
        Assert.That(await ReadAll(stream), Is.EqualTo(Bytes(5000)));
    }

    [Test]
    public async Task A_client_sends_parts_in_any_order_and_again()
    {
        var bytes = Bytes((11 << 20) + 3);
        var layout = new PartLayout(bytes.Length, 5 << 20);
        var multipartId = await Store.BeginParts(Key, Type, layout, CancellationToken.None);
        Assert.That(await Store.ListParts(Key, multipartId, CancellationToken.None), Is.Empty);

        Assert.That(await SendPart(Key, multipartId, 3, layout, Part(bytes, layout, 3)), Is.True);
        Assert.That(await SendPart(Key, multipartId, 1, layout, new byte[layout.LengthOf(1)]), Is.True);
        Assert.That(await SendPart(Key, multipartId, 1, layout, Part(bytes, layout, 1)), Is.True);
        Assert.That((await Store.ListParts(Key, multipartId, CancellationToken.None))!.Select(part => (part.Number, part.SizeBytes)), Is.EqualTo(new[] { (1, 5L << 20), (3, (1L << 20) + 3) }));
        Assert.That(await Store.Head(Key, CancellationToken.None), Is.Null);

        Assert.That(await SendPart(Key, multipartId, 2, layout, Part(bytes, layout, 2)), Is.True);
        var parts = (await Store.ListParts(Key, multipartId, CancellationToken.None))!;
        await Store.CompleteParts(Key, multipartId, parts, CancellationToken.None);

        await using (var stream = (await Store.Open(Key, CancellationToken.None))!)
            Assert.That(SHA256.HashData(await ReadAll(stream)), Is.EqualTo(SHA256.HashData(bytes)));
        Assert.That(await Everything(), Has.Count.EqualTo(1));
        await Store.CompleteParts(Key, multipartId, parts, CancellationToken.None);
    }

    [Test]
    public async Task An_object_of_no_bytes_is_one()
    {
        await Store.Put(Key, Stream.Null, Type, CancellationToken.None);

        await using var stream = (await Store.Open(Key, CancellationToken.None))!;
        Assert.That(stream.Length, Is.Zero);
    }

    [Test]
    public async Task A_stream_that_breaks_leaves_nothing_and_its_fault_passes_through()
    {
        var broken = new BreakingStream(Bytes(300_000), new IOException("the caller went away"));

        var fault = (await Assert.ThrowsAsync<IOException>(() => Store.Put(Key, broken, Type, CancellationToken.None)))!;

        Assert.That(fault.Message, Is.EqualTo("the caller went away"));
        Assert.That(await Everything(), Is.Empty);
    }

    [Test]
    public async Task A_stream_that_breaks_leaves_what_was_there()
    {
        await Store.Put(Key, new MemoryStream([1, 2, 3]), Type, CancellationToken.None);

        await Assert.ThrowsAsync<InvalidDataException>(() => Store.Put(Key, new BreakingStream(Bytes(300_000), new InvalidDataException("bad")), Type, CancellationToken.None));

        await using var stream = (await Store.Open(Key, CancellationToken.None))!;
        Assert.That(await ReadAll(stream), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(await Everything(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_put_that_is_cancelled_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = new BreakingStream(Bytes(300_000), fault: null);

        var put = Store.Put(Key, waiting, Type, cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(async () => await put, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Everything(), Is.Empty);
    }

    [Test]
    public async Task Many_at_once_do_not_meet()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async number =>
        {
            await Store.Put($"{Key}-{number}", new MemoryStream(Bytes(10_000 + number)), Type, CancellationToken.None);
            if (number % 2 == 0) await Store.Delete($"{Key}-{number}", CancellationToken.None);
        }));

        Assert.That(await Everything(), Has.Count.EqualTo(25));
        await using var stream = (await Store.Open($"{Key}-49", CancellationToken.None))!;
        Assert.That(stream.Length, Is.EqualTo(10_049));
    }

    [Test]
    public async Task It_says_that_it_works() => Assert.That(await Store.Check(CancellationToken.None), Is.Null);

    protected Task<bool> SendPart(string key, string multipartId, int number, PartLayout layout, byte[] bytes) =>
        SendPart(Store.SignPart(key, multipartId, number, layout, DateTimeOffset.UtcNow.AddHours(1)), key, multipartId, number, bytes);

    private static byte[] Part(byte[] whole, PartLayout layout, int number) => whole.AsSpan((int)layout.OffsetOf(number), (int)layout.LengthOf(number)).ToArray();

    private async Task<string[]> Keys(string prefix)
    {
        var keys = new List<string>();
        await foreach (var found in Store.List(prefix, CancellationToken.None)) keys.Add(found.Key);
        return [.. keys];
    }

    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    protected static async Task<byte[]> ReadAll(Stream stream)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    /// <summary>Gives fewer bytes than it is asked for, and cannot tell its length.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 100_003)], cancellationToken);
    }

    /// <summary>Gives its bytes, and then the fault; without one, waits until it is cancelled.</summary>
    protected sealed class BreakingStream(byte[] bytes, Exception? fault) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position < Length) return await base.ReadAsync(buffer, cancellationToken);
            if (fault is not null) throw fault;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
