using System.Diagnostics;

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

    /// <summary>A PDF of no pages.</summary>
    public static byte[] Pdf(int number = 0) =>
        System.Text.Encoding.ASCII.GetBytes($"%PDF-1.4\n% {number}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");

    /// <summary>A PNG whose header promises many more pixels than it has bytes.</summary>
    public static byte[] HeaderBomb(int width, int height)
    {
        byte[] header = [.. BigEndian((uint)width), .. BigEndian((uint)height), 8, 6, 0, 0, 0];
        return [.. Png().AsSpan(0, 8), .. Chunk("IHDR"u8, header), .. Png().AsSpan(33)];
    }

    /// <summary>A JPEG of so many bytes; what follows its end is zero.</summary>
    public static byte[] LargeJpeg(int size, int number = 0)
    {
        var bytes = new byte[size];
        Jpeg(number).CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>The photo of docs/samples.</summary>
    public static byte[] Photo() => Sample("photo.jpg");

    /// <summary>The film of docs/samples.</summary>
    public static byte[] Video() => Sample("video.mp4");

    /// <summary>A file that ffmpeg makes, of the format that its name asks for.</summary>
    public static byte[] Made(string name, string arguments)
    {
        var folder = Directory.CreateTempSubdirectory("samples-");
        try
        {
            var start = new ProcessStartInfo("ffmpeg", $"-nostdin -v error -y {arguments} {name}") { WorkingDirectory = folder.FullName, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? File.ReadAllBytes(Path.Combine(folder.FullName, name)) : throw new InvalidOperationException($"ffmpeg {arguments}: {errors}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Sample(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "docs", "samples", name);
            if (File.Exists(path)) return File.ReadAllBytes(path);
        }

        throw new FileNotFoundException($"There is no docs/samples/{name} above the tests.");
    }

    private static byte[] Comment(int number)
    {
        var text = System.Text.Encoding.ASCII.GetBytes($"sample {number}");
        return [0xFF, 0xFE, (byte)((text.Length + 2) >> 8), (byte)(text.Length + 2), .. text];
    }

    /// <summary>A chunk of a PNG.</summary>
    public static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
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
