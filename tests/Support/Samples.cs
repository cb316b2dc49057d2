namespace MediaPlatform.Tests.Support;

/// <summary>Small files that are what they say. Each call with another number gives other bytes.</summary>
public static class Samples
{
    /// <summary>A baseline JPEG of 1 by 1, made different by a comment segment.</summary>
    public static byte[] Jpeg(int number = 0)
    {
        var whole = Convert.FromBase64String(
            "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=");
        return [.. whole.AsSpan(0, 2), .. Comment(number), .. whole.AsSpan(2)];
    }

    /// <summary>A PNG of 1 by 1, made different by a text chunk.</summary>
    public static byte[] Png(int number = 0)
    {
        var whole = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");
        var text = Chunk("tEXt"u8, System.Text.Encoding.ASCII.GetBytes($"Comment\0{number}"));
        return [.. whole.AsSpan(0, 33), .. text, .. whole.AsSpan(33)];
    }

    private static byte[] Comment(int number)
    {
        var text = System.Text.Encoding.ASCII.GetBytes($"sample {number}");
        return [0xFF, 0xFE, (byte)((text.Length + 2) >> 8), (byte)(text.Length + 2), .. text];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] typed = [.. type, .. data];
        return [.. BigEndian((uint)data.Length), .. typed, .. BigEndian(Crc32(typed))];
    }

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
