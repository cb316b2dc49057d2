using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MediaPlatform.Bench.Imaging;

namespace MediaPlatform.Bench.Faults;

/// <summary>What an upload is a copy of, and the variants that it must have.</summary>
/// <param name="Number">Tells it from all others.</param>
internal sealed record Specimen(int Number, string FileName, string[] Presets, Func<byte[]> Bytes)
{
    public byte[] Sha256 { get; } = SHA256.HashData(Bytes());
}

/// <summary>Small files that cost what real ones do, no two alike: photographs, films and sounds.</summary>
internal sealed class Specimens(string folder)
{
    private const int Photos = 12;

    private readonly byte[][] photos = [.. SyntheticPhoto.Write(Directory.CreateDirectory(folder).FullName, Photos, 800, 600).Select(File.ReadAllBytes)];
    private readonly byte[] film = File.ReadAllBytes(Sample("video.mp4"));

    public Specimen Photo(int number) => new(number, $"{number}.jpg", ["preview", "thumb"], () => PhotoBytes(number));

    public Specimen Film(int number) => new(number, $"{number}.mp4", ["poster"], () => FilmBytes(number));

    public Specimen Sound(int number) => new(number, $"{number}.wav", [], () => SoundBytes(number));

    /// <summary>With a comment (COM) behind the first marker.</summary>
    private byte[] PhotoBytes(int number)
    {
        var photo = photos[number % photos.Length];
        return [.. photo.AsSpan(0, 2), 0xFF, 0xFE, 0, 10, .. Digits(number), .. photo.AsSpan(2)];
    }

    /// <summary>With a box of free space (ISO/IEC 14496-12) at the end.</summary>
    private byte[] FilmBytes(int number) => [.. film, 0, 0, 0, 16, .. "free"u8, .. Digits(number)];

    /// <summary>A second of a tone, with noise that the number seeds: 8 kHz, 16 bits.</summary>
    private static byte[] SoundBytes(int number)
    {
        const int rate = 8_000;
        var random = new Random(number);
        var wave = new byte[44 + rate * 2];
        "RIFF"u8.CopyTo(wave);
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(4), wave.Length - 8);
        "WAVEfmt \x10\0\0\0\x01\0\x01\0"u8.CopyTo(wave.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(28), rate * 2);
        "\x02\0\x10\0data"u8.CopyTo(wave.AsSpan(32));
        BinaryPrimitives.WriteInt32LittleEndian(wave.AsSpan(40), rate * 2);
        for (var at = 0; at < rate; at++)
            BinaryPrimitives.WriteInt16LittleEndian(wave.AsSpan(44 + at * 2), (short)(8_000 * Math.Sin(at * 2 * Math.PI * 440 / rate) + random.Next(-500, 500)));
        return wave;
    }

    private static byte[] Digits(int number) => Encoding.ASCII.GetBytes(number.ToString("00000000", CultureInfo.InvariantCulture));

    private static string Sample(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "docs", "samples", name) is var path && File.Exists(path)) return path;
        throw new FileNotFoundException($"There is no docs/samples/{name} above the program.");
    }
}
