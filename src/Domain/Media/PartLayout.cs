using System.Runtime.InteropServices;

namespace MediaPlatform.Domain.Media;

/// <summary>How a long file is cut into parts: all of one size but the last, which may be shorter.</summary>
/// <param name="TotalBytes">Of the whole.</param>
/// <param name="PartBytes">Of each part but the last; at least <see cref="MinPartBytes"/> where there is more than one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PartLayout(long TotalBytes, long PartBytes)
{
    /// <summary>Parts of one object, as S3 allows.</summary>
    public const int MaxParts = 10_000;

    /// <summary>5 MiB, as S3 demands of all parts but the last.</summary>
    public const long MinPartBytes = 5L << 20;

    /// <summary>Parts of the wanted size; larger ones, in whole MiB, where there would be more than <see cref="MaxParts"/>.</summary>
    public static PartLayout For(long totalBytes, long wantedPartBytes)
    {
        const long mib = 1L << 20;
        var least = (totalBytes + MaxParts - 1) / MaxParts;
        return new(totalBytes, Math.Max(wantedPartBytes, (least + mib - 1) / mib * mib));
    }

    /// <summary>How many parts there are.</summary>
    public int Count => (int)((TotalBytes + PartBytes - 1) / PartBytes);

    /// <summary>Where a part begins in the whole.</summary>
    public long OffsetOf(int number) => (number - 1) * PartBytes;

    /// <summary>Bytes of one part.</summary>
    public long LengthOf(int number) => Math.Min(PartBytes, TotalBytes - OffsetOf(number));
}
