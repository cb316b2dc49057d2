using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Domain.Tests.Episodes;

[Parallelizable(ParallelScope.All)]
internal sealed class TimecodeTests
{
    [TestCase("00:00:00:00", ExpectedResult = "0 0 0 0 False")]
    [TestCase("23:59:59:29", ExpectedResult = "23 59 59 29 False")]
    [TestCase("01:02:03;04", ExpectedResult = "1 2 3 4 True")]
    [TestCase("24:00:00:00", ExpectedResult = null)]
    [TestCase("00:60:00:00", ExpectedResult = null)]
    [TestCase("00:00:60:00", ExpectedResult = null)]
    [TestCase("0:00:00:00", ExpectedResult = null)]
    [TestCase("00:00:00.00", ExpectedResult = null)]
    [TestCase("00;00:00:00", ExpectedResult = null)]
    [TestCase("00:00:00:0a", ExpectedResult = null)]
    [TestCase("００:00:00:00", ExpectedResult = null)]
    [TestCase("-1:00:00:00", ExpectedResult = null)]
    [TestCase("", ExpectedResult = null)]
    [TestCase(null, ExpectedResult = null)]
    public string? It_is_read_as_it_is_written_or_not_at_all(string? text) => Timecode.Parse(text) is { } read ? $"{read.Hours} {read.Minutes} {read.Seconds} {read.Frames} {read.IsDropFrame}" : null;

    [TestCase("00:00:00:23", 23.976, true)]
    [TestCase("00:00:00:24", 23.976, false)]
    [TestCase("00:00:00:24", 25, true)]
    [TestCase("00:00:00:25", 25, false)]
    [TestCase("00:00:00:59", 59.94, true)]
    [TestCase("00:01:00;02", 29.97, true)]
    [TestCase("00:01:00;00", 29.97, false)]
    [TestCase("00:01:00;01", 29.97, false)]
    [TestCase("00:01:01;00", 29.97, true)]
    [TestCase("00:10:00;00", 29.97, true)]
    [TestCase("00:01:00;03", 59.94, false)]
    [TestCase("00:01:00;04", 59.94, true)]
    [TestCase("00:00:01;00", 30, false)]
    [TestCase("00:00:01;00", 25, false)]
    [TestCase("00:00:01;00", 60, false)]
    public void It_stands_in_a_clip_of_a_frame_rate_or_not(string text, double frameRate, bool stands) =>
        Assert.That(Timecode.Parse(text)!.Value.Mismatch(frameRate), stands ? Is.Null : Is.Not.Null);

    // A day of 29.97 frames a second: 2,589,408 frames (SMPTE ST 12-1), where 30 would be 2,592,000.
    [TestCase("00:00:59;29", 30, 1_799)]
    [TestCase("00:01:00;02", 30, 1_800)]
    [TestCase("00:10:00;00", 30, 17_982)]
    [TestCase("23:59:59;29", 30, 2_589_407)]
    [TestCase("00:01:00;04", 60, 3_600)]
    [TestCase("01:00:00:00", 25, 90_000)]
    [TestCase("00:00:01:12", 24, 36)]
    public void Its_frame_is_counted_as_the_standard_counts(string text, int nominal, long frame) => Assert.That(Timecode.Parse(text)!.Value.FrameNumber(nominal), Is.EqualTo(frame));
}
