using System.Numerics;

namespace MediaPlatform.Infrastructure.Media;

/// <summary>
/// Where neighbours of a hash are looked for: 64 bits are four bands of 16, the lowest first. Two hashes that differ in at most d = 4s + a bits, with a below 4, differ in at most s in one of the
/// first a + 1 bands, or in at most s - 1 in one of the others: else they would differ in (a + 1)(s + 1) + (3 - a)s = d + 1. So all neighbours are found, and
/// no distance is guessed at. After Norouzi, Punjani and Fleet, "Fast Search in Hamming Space with Multi-Index Hashing" (2012).
/// </summary>
internal static class HashBands
{
    public const int Count = 4;
    private const int Bits = 16;

    /// <summary>What makes another word of one, by how many bits: up to 2 of 16, as many as a distance of 11 asks for.</summary>
    private static readonly long[][] Changes = [.. Enumerable.Range(0, 3).Select(most => Enumerable.Range(0, 1 << Bits).Where(change => BitOperations.PopCount((uint)change) <= most).Select(change => (long)change).ToArray())];

    /// <summary>The values of a band, from 0, that a neighbour may have there: at most 137 for distances below 12.</summary>
    public static long[] Words(long hash, int band, int distance)
    {
        var most = distance / Count - (band > distance % Count ? 1 : 0);
        var word = hash >> (Bits * band) & 0xFFFF;
        return most < 0 ? [] : Array.ConvertAll(Changes[most], change => word ^ change);
    }
}
