using System.Buffers.Binary;

namespace MediaPlatform.Domain.Audit;

/// <summary>A row of the change log. On the wire it is a UUID, as all ids are: the number in its last eight bytes, so that both sort alike.</summary>
public readonly record struct ChangeId(Guid Value)
{
    /// <summary>The id of a row.</summary>
    /// <param name="number">Above 0.</param>
    public static ChangeId Of(long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
        return new(new Guid(bytes, bigEndian: true));
    }

    /// <summary>The number of the row; null when no row can have this id.</summary>
    public long? Number
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Value.TryWriteBytes(bytes, bigEndian: true, out _);
            var number = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]);
            return BinaryPrimitives.ReadInt64BigEndian(bytes) == 0 && number > 0 ? number : null;
        }
    }
}
