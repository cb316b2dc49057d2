using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Domain.Tests.Episodes;

/// <summary>Edit decision lists, by the letter of CMX 3600.</summary>
internal sealed class EditDecisionListTests
{
    private static readonly Guid Id = Guid.Parse("01a21e4c-0000-7000-8000-000000000001");

    [Test]
    public void Cuts_follow_one_another_from_the_first_hour_on()
    {
        var written = EditDecisionList.Write("New Year\r\nStyle Reset", [Clip("s3://footage/ep/lala_take_01.mov", "00:00:00:00", "00:04:05:00", comment: "Opening"), Clip("s3://footage/ep/lala_take_02.mov", "10:00:10:05", "10:00:12:10")], null);

        Assert.That(written.Value.ReplaceLineEndings("\n"), Is.EqualTo("""
            TITLE: New Year  Style Reset
            FCM: NON-DROP FRAME

            001  LALATAKE B     C        00:00:00:00 00:04:05:00 01:00:00:00 01:04:05:00
            * FROM CLIP NAME: lala_take_01.mov
            * SOURCE FILE: s3://footage/ep/lala_take_01.mov
            * CLIP ID: 01a21e4c-0000-7000-8000-000000000001
            * COMMENT: Opening

            002  LALATAK2 B     C        10:00:10:05 10:00:12:10 01:04:05:00 01:04:07:05
            * FROM CLIP NAME: lala_take_02.mov
            * SOURCE FILE: s3://footage/ep/lala_take_02.mov
            * CLIP ID: 01a21e4c-0000-7000-8000-000000000001

            """.ReplaceLineEndings("\n")));
        Assert.That(written.Value, Does.Contain("\r\n").And.Not.Match("[^\r]\n"));
    }

    [Test]
    public void Dropped_frames_are_left_out_of_the_record_as_well()
    {
        // One minute and one frame of 29.97: 1,799 frames are there between 00:00:00;00 and 00:01:00;01, which is no number; 00:01:00;02 is frame 1,800.
        var written = EditDecisionList.Write("Drop", [Clip("a.mov", "00:00:00;00", "00:01:00;02", 30_000 / 1001.0), Clip("b.mov", "00:00:00;00", "00:00:00;01", 30_000 / 1001.0)], null).Value;

        Assert.That(written, Does.Contain("FCM: DROP FRAME"));
        Assert.That(written, Does.Contain("00:00:00;00 00:01:00;02 01:00:00;00 01:01:00;02"));
        Assert.That(written, Does.Contain("00:00:00;00 00:00:00;01 01:01:00;02 01:01:00;03"));
    }

    [TestCase(0, "00:00:00;00")]
    [TestCase(1799, "00:00:59;29")]
    [TestCase(1800, "00:01:00;02")]
    [TestCase(17981, "00:09:59;29")]
    [TestCase(17982, "00:10:00;00")]
    [TestCase(17983, "00:10:00;01")]
    [TestCase(107892, "01:00:00;00")]
    [TestCase(2589407, "23:59:59;29")]
    public void Frames_are_counted_to_timecodes_and_back(long frame, string timecode)
    {
        Assert.That(Timecode.At(frame, 30, isDropFrame: true).ToString(), Is.EqualTo(timecode));
        Assert.That(Timecode.Parse(timecode)!.Value.FrameNumber(30), Is.EqualTo(frame));
    }

    [Test]
    public void Every_frame_of_an_hour_has_one_timecode([Values(30, 60)] int nominal)
    {
        Timecode? before = null;
        for (var frame = 0L; frame < (nominal == 30 ? 107_892 : 215_784); frame++)
        {
            var at = Timecode.At(frame, nominal, isDropFrame: true)!.Value;
            if (at.FrameNumber(nominal) != frame || at == before || at.IsLeftOut(nominal > 30 ? 4 : 2)) Assert.Fail($"{frame}: {at}");
            before = at;
        }
    }

    [Test]
    public void No_timecode_is_beyond_a_day()
    {
        Assert.That(Timecode.At(2589408, 30, isDropFrame: true), Is.Null);
        Assert.That(Timecode.At(24L * 3600 * 25, 25, isDropFrame: false), Is.Null);
        Assert.That(Timecode.At(24L * 3600 * 25 - 1, 25, isDropFrame: false).ToString(), Is.EqualTo("23:59:59:24"));
        Assert.That(EditDecisionList.Write("Long", [.. Enumerable.Range(0, 24).Select(_ => Clip("a.mov", "00:00:00:00", "00:59:59:00"))], null).Errors.Single().Code, Is.EqualTo("EDL_TOO_LONG"));
    }

    [Test]
    public void What_does_not_fit_is_told_by_clip()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Codes(Clip("a.mov", null, "00:00:01:00"), Clip("b.mov", "00:00:01:00", null)), Is.EqualTo(new[] { "EDL_CLIP_WITHOUT_TIMECODE", "EDL_CLIP_WITHOUT_TIMECODE" }));
            Assert.That(Codes(Clip("a.mov", "00:00:01:25", "00:00:02:00")), Is.EqualTo(new[] { "EDL_CLIP_DOES_NOT_FIT" }));
            Assert.That(Codes(Clip("a.mov", "00:00:00:00", "00:00:01:00", 25), Clip("b.mov", "00:00:00:00", "00:00:01:00", 24)), Is.EqualTo(new[] { "EDL_FRAME_RATES_DIFFER" }));
            Assert.That(Codes(Clip("a.mov", "00:00:00:00", "00:00:01:00", null)), Is.EqualTo(new[] { "EDL_FRAME_RATE_UNKNOWN" }));
            Assert.That(Codes(Clip("a.mov", "00:00:00:00", "00:00:01:00", 29.97), Clip("b.mov", "00:00:00;00", "00:00:01;00", 29.97)), Is.EqualTo(new[] { "EDL_COUNTING_DIFFERS" }));
            Assert.That(Codes([.. Enumerable.Range(0, 1000).Select(_ => Clip("a.mov", "00:00:00:00", "00:00:00:01"))]), Is.EqualTo(new[] { "EDL_TOO_LONG" }));
        });
        Assert.That(EditDecisionList.Write("Given", [Clip("a.mov", "00:00:00:00", "00:00:01:00", null)], 25).Succeeded, "a frame rate can be given for those that say none");
        Assert.That(EditDecisionList.Write("Nothing", [], null).Value, Is.EqualTo("TITLE: Nothing\r\nFCM: NON-DROP FRAME\r\n"));
    }

    [Test]
    public void Reels_are_eight_letters_and_digits_and_one_for_each_file()
    {
        var written = EditDecisionList.Write("Reels", [Clip("Ärmel №1.mov", "00:00:00:00", "00:00:01:00"), Clip("服.mov", "00:00:00:00", "00:00:01:00"), Clip("裙.mov", "00:00:00:00", "00:00:01:00"), Clip("服.mov", "00:00:05:00", "00:00:06:00")], 25).Value;

        var reels = written.Split("\r\n").Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).Select(line => line[5..13].Trim());
        Assert.That(reels, Is.EqualTo(new[] { "RMEL1", "AX", "AX2", "AX" }));
    }

    private static string[] Codes(params EdlClip[] clips) => [.. EditDecisionList.Write("Faults", clips, null).Errors.Select(error => error.Code)];

    private static EdlClip Clip(string file, string? start, string? end, double? rate = 25, string? comment = null) => new(Id, file, start, end, rate, comment);
}
