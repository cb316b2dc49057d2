using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Tests.Storage;

/// <summary>What every media storage keeps to. A fixture for each kind inherits it.</summary>
internal abstract class MediaStoreContract
{
    private const string Key = "0123456789abcdef/media/aa/fedcba9876543210/original";

    protected abstract IMediaStore Store { get; }

    /// <summary>All that the store holds, unfinished writes included.</summary>
    protected abstract IReadOnlyList<string> Everything();

    [Test]
    public async Task What_is_put_is_read_again_from_anywhere_in_it()
    {
        var bytes = Bytes(1 << 20);
        await Store.Put(Key, new MemoryStream(bytes), CancellationToken.None);

        await using var stream = (await Store.Open(Key, CancellationToken.None))!;
        Assert.That(stream.Length, Is.EqualTo(bytes.Length));
        Assert.That(await ReadAll(stream), Is.EqualTo(bytes));
        stream.Position = 1000;
        var part = new byte[10];
        await stream.ReadExactlyAsync(part);
        Assert.That(part, Is.EqualTo(bytes[1000..1010]));
        Assert.That(Everything(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_is_put_can_be_read_as_a_file()
    {
        await Store.Put(Key, new MemoryStream(Bytes(5000)), CancellationToken.None);

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
        await Store.Put(Key, new MemoryStream(Bytes(5000)), CancellationToken.None);
        await Store.Put(Key, new MemoryStream([1, 2, 3]), CancellationToken.None);

        await using var stream = (await Store.Open(Key, CancellationToken.None))!;
        Assert.That(await ReadAll(stream), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_reader_keeps_what_it_opened_while_it_is_replaced_or_deleted()
    {
        await Store.Put(Key, new MemoryStream(Bytes(5000)), CancellationToken.None);
        await using var stream = (await Store.Open(Key, CancellationToken.None))!;

        await Store.Put(Key, new MemoryStream([1]), CancellationToken.None);
        await Store.Delete(Key, CancellationToken.None);

        Assert.That(await ReadAll(stream), Is.EqualTo(Bytes(5000)));
    }

    [Test]
    public async Task What_is_deleted_is_gone_and_may_be_deleted_again()
    {
        await Store.Put(Key, new MemoryStream([1]), CancellationToken.None);
        await Store.Put(Key + "-2", new MemoryStream([2]), CancellationToken.None);

        await Store.Delete(Key, CancellationToken.None);
        await Store.Delete(Key, CancellationToken.None);
        await Store.Delete("never/was/there", CancellationToken.None);

        Assert.That(await Store.Open(Key, CancellationToken.None), Is.Null);
        Assert.That(await Store.Open(Key + "-2", CancellationToken.None), Is.Not.Null.And.Property(nameof(Stream.Length)).EqualTo(1));
    }

    [Test]
    public async Task An_object_of_no_bytes_is_one()
    {
        await Store.Put(Key, Stream.Null, CancellationToken.None);

        await using var stream = (await Store.Open(Key, CancellationToken.None))!;
        Assert.That(stream.Length, Is.Zero);
    }

    [Test]
    public async Task A_stream_that_breaks_leaves_nothing_and_its_fault_passes_through()
    {
        var broken = new BreakingStream(Bytes(300_000), new IOException("the caller went away"));

        var fault = (await Assert.ThrowsAsync<IOException>(() => Store.Put(Key, broken, CancellationToken.None)))!;

        Assert.That(fault.Message, Is.EqualTo("the caller went away"));
        Assert.That(Everything(), Is.Empty);
    }

    [Test]
    public async Task A_stream_that_breaks_leaves_what_was_there()
    {
        await Store.Put(Key, new MemoryStream([1, 2, 3]), CancellationToken.None);

        await Assert.ThrowsAsync<InvalidDataException>(() => Store.Put(Key, new BreakingStream(Bytes(300_000), new InvalidDataException("bad")), CancellationToken.None));

        await using var stream = (await Store.Open(Key, CancellationToken.None))!;
        Assert.That(await ReadAll(stream), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Everything(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_put_that_is_cancelled_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = new BreakingStream(Bytes(300_000), fault: null);

        var put = Store.Put(Key, waiting, cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(async () => await put, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Everything(), Is.Empty);
    }

    [Test]
    public async Task Many_at_once_do_not_meet()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async number =>
        {
            await Store.Put($"{Key}-{number}", new MemoryStream(Bytes(10_000 + number)), CancellationToken.None);
            if (number % 2 == 0) await Store.Delete($"{Key}-{number}", CancellationToken.None);
        }));

        Assert.That(Everything(), Has.Count.EqualTo(25));
        await using var stream = (await Store.Open($"{Key}-49", CancellationToken.None))!;
        Assert.That(stream.Length, Is.EqualTo(10_049));
    }

    [Test]
    public async Task It_says_that_it_works() => Assert.That(await Store.Check(CancellationToken.None), Is.Null);

    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static async Task<byte[]> ReadAll(Stream stream)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    /// <summary>Gives its bytes, and then the fault; without one, waits until it is cancelled.</summary>
    private sealed class BreakingStream(byte[] bytes, Exception? fault) : MemoryStream(bytes)
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
