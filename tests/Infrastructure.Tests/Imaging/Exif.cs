using System.Buffers.Binary;
using System.Text;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

/// <summary>Builds an EXIF block (a little-endian TIFF) entry by entry.</summary>
internal sealed class Exif
{
    private readonly SortedDictionary<ushort, byte[]> main = [], camera = [], gps = [];

    public Exif Orientation(ushort value) => Short(main, 0x0112, value);
    public Exif Main(ushort tag, string text) => Text(main, tag, text);
    public Exif Camera(ushort tag, string text) => Text(camera, tag, text);
    public Exif Camera(ushort tag, ushort value) => Short(camera, tag, value);
    public Exif Camera(ushort tag, uint numerator, uint denominator) => Rationals(camera, tag, (numerator, denominator));

    public Exif Gps(char northOrSouth, (uint, uint)[] latitude, char eastOrWest, (uint, uint)[] longitude, uint altitude, bool below)
    {
        Text(gps, 1, $"{northOrSouth}");
        Rationals(gps, 2, latitude);
        Text(gps, 3, $"{eastOrWest}");
        Rationals(gps, 4, longitude);
        gps[5] = Entry(1, 1, [(byte)(below ? 1 : 0)]);
        return Rationals(gps, 6, (altitude, 1));
    }

    public byte[] Build()
    {
        var tiff = new List<byte>([.. "II*\0"u8, 8, 0, 0, 0]);
        if (camera.Count > 0) main[0x8769] = Entry(4, 1, [0, 0, 0, 0]);
        if (gps.Count > 0) main[0x8825] = Entry(4, 1, [0, 0, 0, 0]);
        Append(tiff, main);
        Link(tiff, 0x8769, camera);
        Link(tiff, 0x8825, gps);
        return [.. tiff];
    }

    private Exif Short(SortedDictionary<ushort, byte[]> into, ushort tag, ushort value)
    {
        into[tag] = Entry(3, 1, [(byte)value, (byte)(value >> 8)]);
        return this;
    }

    private Exif Text(SortedDictionary<ushort, byte[]> into, ushort tag, string text)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text), 0];
        into[tag] = Entry(2, bytes.Length, bytes);
        return this;
    }

    private Exif Rationals(SortedDictionary<ushort, byte[]> into, ushort tag, params (uint Numerator, uint Denominator)[] values)
    {
        into[tag] = Entry(5, values.Length, [.. values.SelectMany(value => (byte[])[.. BitConverter.GetBytes(value.Numerator), .. BitConverter.GetBytes(value.Denominator)])]);
        return this;
    }

    private static byte[] Entry(ushort type, int count, byte[] data) => [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(count), .. data];

    private static void Append(List<byte> tiff, SortedDictionary<ushort, byte[]> entries)
    {
        var after = tiff.Count + 2 + 12 * entries.Count + 4;
        List<byte> overflow = [];
        tiff.AddRange(BitConverter.GetBytes((ushort)entries.Count));
        foreach (var (tag, entry) in entries)
        {
            tiff.AddRange(BitConverter.GetBytes(tag));
            tiff.AddRange(entry[..6]);
            var data = entry[6..];
            if (data.Length <= 4)
            {
                tiff.AddRange([.. data, .. new byte[4 - data.Length]]);
                continue;
            }
            tiff.AddRange(BitConverter.GetBytes(after + overflow.Count));
            overflow.AddRange(data);
        }
        tiff.AddRange([0, 0, 0, 0, .. overflow]);
    }

    private static void Link(List<byte> tiff, ushort tag, SortedDictionary<ushort, byte[]> entries)
    {
        if (entries.Count == 0) return;
        var at = 10;
        while (BinaryPrimitives.ReadUInt16LittleEndian([tiff[at], tiff[at + 1]]) != tag) at += 12;
        var offset = BitConverter.GetBytes(tiff.Count);
        for (var i = 0; i < 4; i++) tiff[at + 8 + i] = offset[i];
        Append(tiff, entries);
    }
}
