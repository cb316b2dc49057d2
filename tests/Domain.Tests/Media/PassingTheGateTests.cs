using MediaPlatform.Domain.Media;

namespace MediaPlatform.Domain.Tests.Media;

internal sealed class PassingTheGateTests
{
    [TestCase("photo.jpg", "image/jpeg")]
    [TestCase("PHOTO.JPEG", "image/JPEG; charset=binary")]
    [TestCase("photo.jfif", "image/pjpeg")]
    [TestCase("photo", "application/octet-stream")]
    [TestCase("photo", "")]
    [TestCase(null, null)]
    [TestCase("a/b.c/photo", null)]
    public void A_file_whose_name_and_declaration_agree_comes_in(string? name, string? mimeType) =>
        Assert.That(MediaGate.Check(Heads.Jpeg, name, mimeType, null).Value, Is.EqualTo(FileFormats.Jpeg));

    [Test]
    public void No_bytes_are_refused() =>
        Expect(MediaGate.Check([], "photo.jpg", "image/jpeg", null), ErrorKind.Invalid, "UPLOAD_EMPTY");

    [Test]
    public void Unknown_bytes_are_refused() =>
        Expect(MediaGate.Check(new byte[100], "photo.jpg", "image/jpeg", null), ErrorKind.UnsupportedType, "MEDIA_TYPE_UNKNOWN");

    [Test]
    public void A_wrong_extension_is_refused_and_both_are_named()
    {
        var result = MediaGate.Check(Heads.Jpeg, "photo.PNG", "image/jpeg", null);

        Expect(result, ErrorKind.Invalid, "MEDIA_EXTENSION_MISMATCH");
        Assert.That(result.Errors[0].Message, Does.Contain(".png").And.Contain("JPEG").And.Contain(".jpg"));
        Assert.That(result.Errors[0].Field, Is.EqualTo("file"));
    }

    [Test]
    public void A_lying_declaration_is_refused() =>
        Expect(MediaGate.Check(Heads.Jpeg, "photo.jpg", "video/mp4", null), ErrorKind.Invalid, "MEDIA_MIME_MISMATCH");

    [Test]
    public void Every_reason_is_told_at_once() =>
        Expect(MediaGate.Check(Heads.Jpeg, "photo.mp4", "video/mp4", null), ErrorKind.Invalid, "MEDIA_EXTENSION_MISMATCH", "MEDIA_MIME_MISMATCH");

    [Test]
    public void A_playlist_with_the_name_of_a_film_is_refused_by_its_own_name()
    {
        var result = MediaGate.Check(Heads.Playlist, "film.mp4", "video/mp4", null);

        Expect(result, ErrorKind.UnsupportedType, "MEDIA_TYPE_NOT_SUPPORTED");
        Assert.That(result.Errors[0].Message, Does.Contain("playlist"));
    }

    [Test]
    public void A_list_of_paths_with_the_name_of_a_playlist_is_a_playlist() =>
        Assert.That(MediaGate.Check("/etc/passwd\n"u8, "songs.m3u", null, null).Errors[0].Message, Does.Contain("playlist"));

    [Test]
    public void Text_with_the_name_of_a_film_is_refused() =>
        Expect(MediaGate.Check("hello"u8, "film.mp4", "video/mp4", null), ErrorKind.UnsupportedType, "MEDIA_TYPE_NOT_SUPPORTED");

    [Test]
    public void An_extension_tells_sound_from_film_where_the_bytes_do_not() => Assert.Multiple(() =>
    {
        Assert.That(MediaGate.Check(Heads.Mp4, "voice.m4a", "audio/x-m4a", null).Value, Is.EqualTo(FileFormats.M4a));
        Assert.That(MediaGate.Check(Heads.Mp4, "film.mp4", "video/mp4", null).Value, Is.EqualTo(FileFormats.Mp4));
    });

    [TestCase("voice.3gp", "3GP")]
    [TestCase("clip.mov", ".mov")]
    public void A_film_under_another_name_of_its_family_is_refused(string name, string named) =>
        Assert.That(MediaGate.Check(Heads.Mp4, name, null, null).Errors[0].Message, Does.Contain(named));

    [Test]
    public void An_extension_tells_a_raw_file_from_a_picture_where_the_bytes_do_not() =>
        Assert.That(MediaGate.Check(Heads.Tiff(), "shot.nef", "image/x-nikon-nef", null).Value.Name, Is.EqualTo("Nikon NEF"));

    [Test]
    public void A_client_takes_what_its_list_says() => Assert.Multiple(() =>
    {
        Assert.That(MediaGate.Check(Heads.Jpeg, "a.jpg", null, ["image/png", "image/jpeg"]).Succeeded, Is.True);
        Assert.That(MediaGate.Check(Heads.Jpeg, "a.jpg", null, ["image/*"]).Succeeded, Is.True);
        Assert.That(MediaGate.Check(Heads.Jpeg, "a.jpg", null, ["IMAGE/JPG"]).Succeeded, Is.True);
        Expect(MediaGate.Check(Heads.Jpeg, "a.jpg", null, ["image/png", "video/*"]), ErrorKind.UnsupportedType, "MEDIA_TYPE_NOT_ALLOWED");
        Expect(MediaGate.Check(Heads.Mp4, "a.mp4", null, ["audio/mp4"]), ErrorKind.UnsupportedType, "MEDIA_TYPE_NOT_ALLOWED");
        Expect(MediaGate.Check(Heads.Jpeg, "a.jpg", null, []), ErrorKind.UnsupportedType, "MEDIA_TYPE_NOT_ALLOWED");
    });

    [Test]
    public void A_list_does_not_open_what_is_not_supported() =>
        Expect(MediaGate.Check("<html>"u8, "a.html", null, ["text/html"]), ErrorKind.UnsupportedType, "MEDIA_TYPE_NOT_SUPPORTED");

    [Test]
    public void The_supported_formats_are_these() =>
        Assert.That(FileFormats.All.Where(format => format.Supported).Select(format => format.Extension), Is.EquivalentTo(new[]
        {
            "jpg", "png", "webp", "gif", "tif", "avif", "heic", "jp2", "svg", "psd", "cr2", "cr3", "nef", "arw", "dng", "raf", "orf", "rw2", "pdf",
            "mp4", "mov", "mkv", "webm", "avi", "mxf", "wav", "mp3", "flac", "ogg", "m4a",
        }));

    private static void Expect(Result<FileFormat> result, ErrorKind kind, params string[] codes)
    {
        Assert.That(result.Errors.Select(error => error.Code), Is.EqualTo(codes));
        Assert.That(result.Errors.Select(error => error.Kind), Has.All.EqualTo(kind));
    }
}
