using System.ComponentModel.DataAnnotations;
using System.Text;
using MediaPlatform.Infrastructure.Processes;
using MediaPlatform.Infrastructure.Video;

namespace MediaPlatform.Infrastructure.Tests.Video;

/// <summary>The runner with a shell in the place of ffprobe, which can tell what it was given.</summary>
internal sealed class BoundingProcessesTests
{
    private static readonly VideoOptions Shell = new() { FfprobePath = "/bin/sh", Threads = 2, MemoryLimitBytes = 600L << 20 };

    [Test]
    public async Task Memory_time_files_and_core_dumps_are_limited() =>
        Assert.That((await Say("ulimit -v; ulimit -t; ulimit -f; ulimit -n; ulimit -c")).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(new[] { "614400", "21", "0", "64", "0" }));

    [Test]
    public async Task A_process_that_wants_more_memory_fails()
    {
        var outcome = await Run("head -c 900000000 /dev/zero | tail -c 800000000 | wc -c");
        Assert.That(Encoding.UTF8.GetString(outcome.Output).Trim(), Is.EqualTo("0"));
    }

    [Test]
    public async Task The_secrets_of_the_environment_are_not_handed_on()
    {
        Environment.SetEnvironmentVariable("A_SECRET_OF_OURS", "hunter2");
        Assert.That(await Say("env"), Does.Not.Contain("hunter2").And.Contain("LANG=C.UTF-8"));
    }

    [Test]
    public async Task Ffmpeg_reads_nothing_from_the_worker() => Assert.That(await Say("cat; echo end"), Is.EqualTo("end\n"));

    [Test]
    public async Task Of_many_errors_the_last_are_kept()
    {
        var outcome = await Run("head -c 9000000 /dev/zero | tr '\\0' x >&2; echo last >&2".Replace("\\0", "[:cntrl:]", StringComparison.Ordinal));
        Assert.That(outcome.Errors, Does.EndWith("xlast\n"));
        Assert.That(outcome.Errors, Has.Length.LessThanOrEqualTo(32 * 1024));
    }

    [Test]
    public async Task Output_up_to_the_bound_is_whole_and_more_is_none()
    {
        Assert.That((await Run("head -c 100000 /dev/zero", maxOutputBytes: 100_000)).Output, Has.Length.EqualTo(100_000));
        Assert.That((await Run("head -c 100001 /dev/zero", maxOutputBytes: 100_000)).End, Is.EqualTo(ProcessEnd.SaidTooMuch));
    }

    [Test]
    public async Task An_exit_code_is_handed_on() => Assert.That((await Run("exit 7")) is { ExitCode: 7, Succeeded: false }, Is.True);

    [TestCase("a \" b")]
    [TestCase("a \\ b")]
    [TestCase("a \0 b")]
    public void An_argument_that_needs_escaping_is_a_bug(string argument) =>
        Assert.That(async () => await Run(argument), Throws.ArgumentException);

    [Test]
    public async Task A_real_ffmpeg_that_is_cancelled_is_gone_when_the_call_returns()
    {
        using var cancellation = new CancellationTokenSource();
        var marker = $"marker={Guid.NewGuid():N}";
        var running = FfmpegProcess.From(new VideoOptions()).Ffmpeg(
            ["-v", "error", "-f", "lavfi", "-i", "testsrc=s=640x480", "-metadata", marker, "-f", "null", "-"], TimeSpan.FromMinutes(5), 0, cancellation.Token);
        var id = await Probers.UntilRunning(marker);
        await cancellation.CancelAsync();

        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Probers.Exists(id), Is.False);
        Assert.That(Probers.Running(marker), Is.Empty);
    }

    [Test]
    public async Task Many_at_once_all_end()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => Run($"echo {n}; exit {n % 3}")));
        Assert.That(runs.Select(run => run.ExitCode), Is.EqualTo(Enumerable.Range(0, 24).Select(n => n % 3)));
    }

    [Test]
    public void Settings_that_cannot_work_are_named()
    {
        var failures = Problems(new VideoOptions
        {
            FfmpegPath = "/nowhere/ffmpeg", FfprobePath = "ffprobe", ProbeTimeLimit = TimeSpan.Zero, PosterTimeLimit = TimeSpan.FromSeconds(-1), Threads = 0, MaxPixels = 0, MemoryLimitBytes = 1,
        });

        string[] named = ["FfmpegPath", "FfprobePath", "ProbeTimeLimit", "PosterTimeLimit", "Threads", "MaxPixels", "MemoryLimitBytes"];
        Assert.That(failures, Has.Length.EqualTo(named.Length));
        foreach (var (failure, setting) in failures.Zip(named)) Assert.That(failure, Does.Contain("Video:" + setting));
    }

    [Test]
    public void The_settings_as_they_come_work() =>
        Assert.That(Problems(new VideoOptions()), Is.Empty);

    private static string[] Problems(VideoOptions options) => [.. options.Validate(new ValidationContext(options)).Select(problem => problem.ErrorMessage!)];

    private static async Task<string> Say(string script) => Encoding.UTF8.GetString((await Run(script)).Output);

    private static Task<ProcessOutcome> Run(string script, int maxOutputBytes = 1 << 20) =>
        FfmpegProcess.From(Shell).Ffprobe(["-c", script], TimeSpan.FromSeconds(10), maxOutputBytes, CancellationToken.None);
}
