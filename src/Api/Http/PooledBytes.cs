using System.Buffers;
using System.Text.Json;

namespace MediaPlatform.Api.Http;

/// <summary>A growing buffer of pooled bytes with a reusable JSON writer on it. Rented and returned by one request at a time.</summary>
internal sealed class PooledBytes : IBufferWriter<byte>, IDisposable
{
    private const int KeptSize = 1 << 20;
    [ThreadStatic] private static PooledBytes? spare;

    private readonly Utf8JsonWriter writer;
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(4096);

    private PooledBytes() =>
        // The serializer has checked its own structure; a second check would only cost.
        writer = new Utf8JsonWriter(this, new JsonWriterOptions { Encoder = Wire.Json.Encoder, MaxDepth = Wire.Json.MaxDepth, SkipValidation = true });

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    public static PooledBytes Rent()
    {
        var rented = spare ?? new PooledBytes();
        spare = null;
        rented.Length = 0;
        return rented;
    }

    /// <summary>Hands it back for the next request on this thread. After a failure it may also just be dropped.</summary>
    public void Dispose()
    {
        if (bytes.Length > KeptSize)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = ArrayPool<byte>.Shared.Rent(4096);
        }

        spare = this;
    }

    /// <summary>The writer, at the end of what is there. Flush it before the next <see cref="Write"/>.</summary>
    public Utf8JsonWriter Json()
    {
        writer.Reset(this);
        return writer;
    }

    public void Write(ReadOnlySpan<byte> text)
    {
        text.CopyTo(GetSpan(text.Length));
        Length += text.Length;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return bytes.AsSpan(Length);
    }

    private void Grow(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 256);
        if (needed <= bytes.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, bytes.Length * 2));
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
