using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Cleaning;
using Microsoft.Extensions.Logging.Abstractions;
using TestTool = MediaPlatform.Tests.Support.ExifTool;

namespace MediaPlatform.Infrastructure.Tests.Cleaning;

/// <summary>What happens when exiftool does not do what it is asked to: scripts in its place, which read as it does and write otherwise.</summary>
internal sealed class CleaningOriginalsTests
{
    private string folder = "";

    [SetUp]
    public void Open() => folder = Directory.CreateTempSubdirectory("cleaning-").FullName;

    [TearDown]
    public void Close() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task A_place_that_is_left_in_the_copy_makes_it_none() =>
        Assert.That((await Clean("cp \"$original\" \"$copy\""))!.Error.Code, Is.EqualTo("LOCATION_LEFT"));

    [Test]
    public async Task A_picture_that_does_not_stay_the_same_makes_it_none()
    {
        var other = Path.Combine(folder, "other.jpg");
        await File.WriteAllBytesAsync(other, MediaPlatform.Tests.Support.Samples.Made("other.jpg", "-f lavfi -i testsrc2=s=64x48 -frames:v 1"));
        var fault = (await Clean($"cp {other} \"$copy\""))!;
        Assert.That((fault.Error.Code, fault.Retryable), Is.EqualTo(("CLEANING_FAILED", false)));
    }

    [Test]
    public async Task One_byte_of_the_picture_is_enough()
    {
        var fault = await Clean("exiftool -config '' -q -all= -o \"$copy\" \"$original\"; size=$(stat -c %s \"$copy\"); printf 'x' | dd of=\"$copy\" bs=1 seek=$((size - 100)) conv=notrunc 2>/dev/null");
        Assert.That(fault?.Error.Code, Is.EqualTo("CLEANING_FAILED"));
        Assert.That(await Clean("exiftool -config '' -q -all= -o \"$copy\" \"$original\""), Is.Null);
    }

    [Test]
    public async Task No_copy_and_no_word_are_a_fault() =>
        Assert.That((await Clean("exit 0"))!.Error.Code, Is.EqualTo("CLEANING_FAILED"));

    [Test]
    public async Task What_takes_too_long_is_ended_and_may_be_tried_again()
    {
        var fault = (await Clean($"echo $$ > {folder}/pid; exec sleep 1000", TimeSpan.FromSeconds(1)))!;
        Assert.That((fault.Error.Code, fault.Retryable), Is.EqualTo(("CLEANING_TIMED_OUT", true)));
        Assert.That(IsGone(), Is.True);
    }

    [Test]
    public async Task What_is_cancelled_is_gone_when_the_call_returns()
    {
        using var stop = new CancellationTokenSource();
        var cleaning = Clean($"echo $$ > {folder}/pid.new; mv {folder}/pid.new {folder}/pid; exec sleep 1000", token: stop.Token);
        await MediaPlatform.Tests.Support.Eventually.Is("it runs", () => Task.FromResult(File.Exists(Path.Combine(folder, "pid"))));
        await stop.CancelAsync();
        Assert.That(async () => await cleaning, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(IsGone(), Is.True);
    }

    [Test]
    public async Task Files_memory_and_the_environment_are_bounded()
    {
        Environment.SetEnvironmentVariable("A_SECRET_OF_OURS", "hunter2");
        await Clean($"{{ env; ulimit -v; ulimit -n; ulimit -c; }} > {folder}/said");
        var said = await File.ReadAllTextAsync(Path.Combine(folder, "said"));
        Assert.That(said, Does.Not.Contain("hunter2").And.EndsWith("1048576\n64\n0\n"));
    }

    private bool IsGone() => !Directory.Exists("/proc/" + File.ReadAllText(Path.Combine(folder, "pid")).Trim());

    /// <summary>Cleans a photo of a place with a script that has <c>$original</c> and <c>$copy</c> when it is to write.</summary>
    private async Task<CleaningFault?> Clean(string writing, TimeSpan? limit = null, CancellationToken token = default)
    {
        var script = Path.Combine(folder, $"{Guid.NewGuid():n}.sh");
        await File.WriteAllTextAsync(script, $$"""
            #!/bin/sh
            [ "$1 $2" = "-config " ] || exit 9
            case " $* " in
            *" -o "*) ;;
            *) exec exiftool "$@" ;;
            esac
            while [ $# -gt 2 ]; do shift; done
            copy=$1 original=$2
            {{writing}}

            """, CancellationToken.None);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var source = Path.Combine(folder, $"{Guid.NewGuid():n}");
        await File.WriteAllBytesAsync(source, TestTool.Placed(MediaPlatform.Tests.Support.Samples.Photo(), "jpg"), CancellationToken.None);
        var scratch = Directory.CreateDirectory(Path.Combine(folder, $"{Guid.NewGuid():n}")).FullName;

        var cleaner = new ExifToolCleaner(new ExifTool(new() { ExifToolPath = script, TimeLimit = limit ?? TimeSpan.FromMinutes(1) }), NullLogger<ExifToolCleaner>.Instance);
        return await cleaner.WriteClean(source, FileFormats.Jpeg, Path.Combine(scratch, "copy.jpg"), token);
    }
}
