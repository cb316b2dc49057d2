using System.Diagnostics;
using System.Text;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Infrastructure.Tests.Video;

/// <summary>Films and sounds made by the real ffmpeg, once for all tests of this folder.</summary>
[SetUpFixture]
public sealed class Films
{
    private const string Picture = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";
    private const string Halves = "-f lavfi -i color=red:s=320x120:r=25:d=3 -f lavfi -i color=blue:s=320x120:r=25:d=3 -filter_complex [0][1]vstack";

    private static string? folder;

    public static string Folder => folder ?? throw new InvalidOperationException("The films are made in the set-up.");

    public static string File(string name) => Path.Combine(Folder, name);

    /// <summary>The two films of the shared corpus where it lies beside the repository, else two made here of the same kinds.</summary>
    public static (string Mp4, string WebM) OfTheWorld()
    {
        var corpus = Path.Combine(RepositoryRoot(), "..", "shared", "corpus", "video");
        var (mp4, webm) = (Path.Combine(corpus, "big_buck_bunny_480p_30s.mp4"), Path.Combine(corpus, "echo-hereweare.webm"));
        return System.IO.File.Exists(mp4) && System.IO.File.Exists(webm) ? (mp4, webm) : (File("plain.mp4"), File("plain.webm"));
    }

    [OneTimeSetUp]
    public void Make()
    {
        folder = Directory.CreateTempSubdirectory("films-").FullName;

        Ffmpeg($"-f lavfi -i testsrc=s=320x240:r=25:d=3 -f lavfi -i sine=d=3 {Picture} -c:a aac -shortest -metadata creation_time=2024-05-06T07:08:09Z plain.mp4");
        Ffmpeg("-i plain.mp4 -c copy plain.mkv");
        Ffmpeg("-i plain.mp4 -t 1 -c:v libvpx -deadline realtime -c:a libvorbis plain.webm");
        Ffmpeg("-i plain.mp4 -c:v mpeg4 -c:a libmp3lame plain.avi");
        Ffmpeg("-i plain.mp4 -c copy -live 1 -f matroska untimed.mkv");
        Ffmpeg("-i plain.mp4 -an -c:v copy silent.mp4");
        Ffmpeg("-i plain.mp4 -c copy -movflags +faststart front.mp4");
        Ffmpeg($"-i plain.mp4 -an -vf setsar=2/1 {Picture} anamorphic.mp4");
        Ffmpeg($"-i plain.mp4 -an -vf select='lt(t,1)+not(mod(n,5))' -fps_mode vfr {Picture} variable.mp4");
        Ffmpeg($"{Halves} {Picture} halves.mp4");
        Ffmpeg($"-f lavfi -i color=red:s=64x48:r=25:d=0.8 -f lavfi -i color=blue:s=64x48:r=25:d=2 -filter_complex [0][1]concat {Picture} red-then-blue.mp4");
        Ffmpeg($"-f lavfi -i color=red:s=64x48:r=25:d=0.16 -f lavfi -i color=blue:s=64x48:r=25:d=0.24 -filter_complex [0][1]concat {Picture} short.mp4");
        Ffmpeg($"-f lavfi -i testsrc=s=64x48:r=25:d=0.2 -f lavfi -i sine=d=3 {Picture} -c:a aac stops-early.mkv");
        Ffmpeg($"-i halves.mp4 -c copy -movflags use_metadata_tags -metadata com.apple.quicktime.make=Acme -metadata com.apple.quicktime.model=One -metadata artist=Ann "
            + "-metadata com.apple.quicktime.location.ISO6709=+52.3731+004.8922+012.5/ -metadata com.apple.quicktime.creationdate=2024-05-06T09:08:09+0200 tagged.mov");
        Ffmpeg("-f lavfi -i sine=d=2 -c:a aac sound.m4a");
        Ffmpeg("-f lavfi -i sine=d=2 sound.wav");
        Ffmpeg("-f lavfi -i sine=d=2 sound.flac");
        Ffmpeg("-f lavfi -i sine=d=2 -c:a libvorbis sound.ogg");
        Ffmpeg("-f lavfi -i sine=d=2 -c:a libmp3lame bare.mp3");
        Ffmpeg("-f lavfi -i color=red:s=90x70:d=1 -frames:v 1 cover.png");
        Ffmpeg("-i bare.mp3 -i cover.png -map 0:a -map 1:v -c copy -disposition:v attached_pic -id3v2_version 3 covered.mp3");

        Ffmpeg("-i sound.flac -i cover.png -map 0:a -map 1:v -c copy -disposition:v attached_pic covered.flac");
        Ffmpeg("-i plain.mp4 -c:v mpeg2video -r 25 -c:a pcm_s16le -ar 48000 plain.mxf");

        Turn("halves.mp4", "turned-90.mp4", 0, 1, -1, 0);
        Turn("halves.mp4", "turned-180.mp4", -1, 0, 0, -1);
        Turn("halves.mp4", "turned-270.mp4", 0, -1, 1, 0);
        Cut("plain.mp4", "cut.mp4", 0.6);
        Cut("front.mp4", "cut-front.mp4", 0.9);
        Cut("sound.wav", "cut.wav", 0.5);
        Cut("plain.avi", "cut.avi", 0.5);
        foreach (var name in new[] { "plain.mkv", "plain.webm", "plain.mxf", "bare.mp3", "covered.mp3", "sound.flac", "covered.flac", "sound.ogg" })
            foreach (var share in new[] { 0.4, 0.6, 0.9 }) Cut(name, $"cut-{share * 10}-{name}", share);
        System.IO.File.WriteAllText(File("text.mp4"), "These are words.");
        System.IO.File.WriteAllBytes(File("noise.mp4"), [.. System.IO.File.ReadAllBytes(File("plain.mp4"))[..32], .. new byte[4000]]);
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(Folder, recursive: true);

    /// <summary>The demuxer that the first bytes of the file ask for.</summary>
    public static string Demuxer(string path) => Format(path).Demuxer ?? throw new InvalidOperationException($"{path} is no film.");

    public static FileFormat Format(string path)
    {
        using var file = System.IO.File.OpenRead(path);
        var head = new byte[FileFormats.HeadLength];
        return FileFormats.Detect(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false))) ?? throw new InvalidOperationException($"{path} is unknown.");
    }

    /// <summary>The size of a picture, and the colour in the middle of each quarter's outer edge: top, right, bottom, left.</summary>
    public static (int Width, int Height, string[] Edges) Look(string png)
    {
        var header = System.IO.File.ReadAllBytes(png).AsSpan(16, 8);
        var (width, height) = (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        var raw = Path.ChangeExtension(png, ".rgb");
        Ffmpeg($"-i {png} -f rawvideo -pix_fmt rgb24 {raw}");
        var pixels = System.IO.File.ReadAllBytes(raw);
        return (width, height, [Colour(width / 2, 2), Colour(width - 3, height / 2), Colour(width / 2, height - 3), Colour(2, height / 2)]);

        string Colour(int x, int y)
        {
            var at = 3 * ((y * width) + x);
            return pixels[at] > 180 && pixels[at + 2] < 80 ? "red" : pixels[at + 2] > 180 && pixels[at] < 80 ? "blue" : "other";
        }
    }

    private static void Ffmpeg(string arguments)
    {
        var start = new ProcessStartInfo("ffmpeg", "-nostdin -v error -y " + arguments) { WorkingDirectory = Folder, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"ffmpeg {arguments}: {errors}");
    }

    /// <summary>Writes the display matrix of the first track, as a telephone does (ISO/IEC 14496-12, tkhd).</summary>
    private static void Turn(string from, string to, int a, int b, int c, int d)
    {
        var bytes = System.IO.File.ReadAllBytes(File(from));
        var matrix = bytes.AsSpan(bytes.AsSpan().IndexOf("tkhd"u8) + 44, 36);
        int[] values = [a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30];
        for (var i = 0; i < values.Length; i++) System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(matrix[(4 * i)..], values[i]);
        System.IO.File.WriteAllBytes(File(to), bytes);
    }

    private static void Cut(string from, string to, double share)
    {
        var bytes = System.IO.File.ReadAllBytes(File(from));
        System.IO.File.WriteAllBytes(File(to), bytes[..(int)(bytes.Length * share)]);
    }

    private static string RepositoryRoot()
    {
        var at = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!System.IO.File.Exists(Path.Combine(at.FullName, "MediaPlatform.sln"))) at = at.Parent ?? throw new InvalidOperationException("The tests lie outside the repository.");
        return at.FullName;
    }

    /// <summary>An executable shell script.</summary>
    public static string Script(string name, string body)
    {
        var path = File(name);
        System.IO.File.WriteAllText(path, "#!/bin/sh\n" + body + "\n", new UTF8Encoding(false));
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("A shell script needs a shell.");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
