using System.Text;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Domain.Tests.Media;

internal sealed class NamingFilesTests
{
    [TestCase("photo.jpg", "photo.jpg")]
    [TestCase("../../etc/passwd", "passwd")]
    [TestCase(@"C:\Users\ann\photo.jpg", "photo.jpg")]
    [TestCase(@"a/b\c/photo.jpg", "photo.jpg")]
    [TestCase("pho\0to\r\n\t.jpg\u0085", "photo.jpg")]
    [TestCase("photo\u202Egpj.exe", "photogpj.exe")]
    [TestCase("\u2066photo\u2069.jpg", "photo.jpg")]
    [TestCase("\uFEFFphoto.jpg", "photo.jpg")]
    [TestCase("  photo.jpg. . ", "photo.jpg")]
    [TestCase("...", "unnamed")]
    [TestCase("..", "unnamed")]
    [TestCase("a/..", "unnamed")]
    [TestCase("photos/", "unnamed")]
    [TestCase("", "unnamed")]
    [TestCase(null, "unnamed")]
    [TestCase("фото 写真 🏔️.jpg", "фото 写真 🏔️.jpg")]
    [TestCase("سفر‏.jpg", "سفر‏.jpg")]
    public void A_declared_name_becomes_one_safe_segment(string? declared, string name) =>
        Assert.That(FileName.From(declared).Value, Is.EqualTo(name));

    [Test]
    public void Half_a_surrogate_pair_is_dropped() => // not as a TestCase: a lone surrogate cannot stand in an attribute
        Assert.That(FileName.From("\uD83Dphoto\uDC00.jpg").Value, Is.EqualTo("photo.jpg"));

    [TestCase("photo.JPG", "jpg")]
    [TestCase("archive.tar.GZ", "gz")]
    [TestCase("photo", "")]
    [TestCase("photo.", "")]
    [TestCase(".jpg", "")]
    [TestCase("a.b/photo", "")]
    public void The_extension_is_what_follows_the_last_dot(string declared, string extension) =>
        Assert.That(FileName.From(declared).Extension, Is.EqualTo(extension));

    [Test]
    public void A_long_name_is_cut_before_its_extension_and_between_characters()
    {
        var name = FileName.From(string.Concat(Enumerable.Repeat("🏔", 100)) + ".jpeg").Value;

        Assert.That(name, Is.EqualTo(string.Concat(Enumerable.Repeat("🏔", 62)) + ".jpeg")); // 62 × 4 + 5 = 253: a 63rd does not fit
        Assert.That(Encoding.UTF8.GetByteCount(FileName.From(new string('a', 400) + ".jpg").Value), Is.EqualTo(FileName.MaxBytes));
    }

    [Test]
    public void An_extension_that_is_none_does_not_keep_the_name_from_being_cut() =>
        Assert.That(FileName.From("a." + new string('b', 400)).Value, Is.EqualTo("a." + new string('b', 253)));

    [Test]
    public void Whatever_is_declared_the_name_holds_its_promises_and_is_stable()
    {
        var random = new Random(42);
        string[] pieces = ["/", "\\", "..", ".", " ", "\0", "\r\n", "\u202E", "\u2067", "\uD83D", "\uDE00", "😀", "é", "e\u0301", "a", "写", ".jpg", "\u2028", "\uFEFF", new('x', 90)];
        for (var round = 0; round < 20_000; round++)
        {
            var declared = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var name = FileName.From(declared).Value;

            Assert.That(name, Is.Not.Empty.And.Not.EqualTo(".").And.Not.EqualTo(".."), declared);
            Assert.That(name.IndexOfAny(['/', '\\', '\0', '\r', '\n', '\u202E', '\u2067', '\u2028', '\uFEFF']), Is.EqualTo(-1), declared);
            Assert.That(new UTF8Encoding(false, true).GetBytes(name), Has.Length.LessThanOrEqualTo(FileName.MaxBytes), declared);
            Assert.That(FileName.From(name).Value, Is.EqualTo(name), declared);
        }
    }
}
