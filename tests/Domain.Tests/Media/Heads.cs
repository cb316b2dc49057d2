using System.Buffers.Binary;
using System.Text;

namespace MediaPlatform.Domain.Tests.Media;

/// <summary>First bytes of files, written by hand from the formats' own documents.</summary>
internal static class Heads
{
    public static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8];
    public static readonly byte[] Png = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8];
    public static readonly byte[] Mp4 = Ftyp("isom", "isom", "iso2", "avc1", "mp41");
    public static readonly byte[] Mov = Ftyp("qt  ", "qt  ");
    public static readonly byte[] Playlist = "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"u8.ToArray();

    /// <summary>A header of Matroska, with the elements that ffmpeg writes before the DocType.</summary>
    public static byte[] Ebml(string docType) =>
    [
        0x1A, 0x45, 0xDF, 0xA3, (byte)(0x80 | (12 + 3 + docType.Length)),
        0x42, 0x86, 0x81, 1, 0x42, 0xF7, 0x81, 1, 0x42, 0xF2, 0x81, 4,
        0x42, 0x82, (byte)(0x80 | docType.Length), .. Encoding.ASCII.GetBytes(docType),
    ];

    public static byte[] Ftyp(string major, params string[] compatible)
    {
        var head = new byte[16 + (4 * compatible.Length) + 64];
        BinaryPrimitives.WriteInt32BigEndian(head, 16 + (4 * compatible.Length));
        Encoding.ASCII.GetBytes("ftyp" + major).CopyTo(head, 4);
        Encoding.ASCII.GetBytes(string.Concat(compatible)).CopyTo(head, 16);
        return head;
    }

    public static byte[] Riff(string form, string magic = "RIFF") => [.. Encoding.ASCII.GetBytes(magic), 0, 1, 0, 0, .. Encoding.ASCII.GetBytes(form), 0, 0, 0, 0];

    /// <summary>A TIFF whose first directory holds these tags; a text value is put behind it.</summary>
    public static byte[] Tiff(bool little = true, params (ushort Tag, object Value)[] tags)
    {
        var head = new byte[512];
        (little ? "II*\0"u8 : "MM\0*"u8).CopyTo(head);
        U32(4, 8);
        U16(8, (ushort)tags.Length);
        var (at, behind) = (10, 10 + (12 * tags.Length) + 4);
        foreach (var (tag, value) in tags)
        {
            U16(at, tag);
            if (value is string text)
            {
                U16(at + 2, 2);
                U32(at + 4, (uint)text.Length + 1);
                U32(at + 8, (uint)behind);
                Encoding.ASCII.GetBytes(text).CopyTo(head, behind);
                behind += text.Length + 1;
            }
            else
            {
                U16(at + 2, 4);
                U32(at + 4, 1);
                U32(at + 8, Convert.ToUInt32(value));
            }

            at += 12;
        }

        return head;

        void U16(int offset, ushort value)
        {
            if (little) BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(offset), value);
            else BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(offset), value);
        }

        void U32(int offset, uint value)
        {
            if (little) BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(offset), value);
            else BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(offset), value);
        }
    }

    /// <summary>Frames of MPEG 1 layer III at 128 kbit/s and 44.1 kHz: 417 bytes each.</summary>
    public static byte[] Mp3(int frames)
    {
        var head = new byte[417 * frames];
        for (var frame = 0; frame < frames; frame++) ((byte[])[0xFF, 0xFB, 0x90, 0x00]).CopyTo(head, 417 * frame);
        return head;
    }

    /// <summary>An ID3v2.3 tag of this many bytes in all, and what follows it.</summary>
    public static byte[] Id3(int length, params byte[] rest)
    {
        var size = length - 10;
        var tag = new byte[length];
        ((byte[])[.. "ID3"u8, 3, 0, 0, (byte)(size >> 21 & 0x7F), (byte)(size >> 14 & 0x7F), (byte)(size >> 7 & 0x7F), (byte)(size & 0x7F)]).CopyTo(tag, 0);
        return [.. tag, .. rest];
    }

    public static byte[] Packets(int size, int offset, int count)
    {
        var head = new byte[size * count];
        for (var at = offset; at < head.Length; at += size) head[at] = 0x47;
        return head;
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Ogg(ReadOnlySpan<byte> packet) => [.. "OggS\0\u0002"u8, .. new byte[20], 1, (byte)packet.Length, .. packet];

    public static byte[] Bytes(params byte[] bytes) => bytes;
}
