using System.Diagnostics;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Imaging;
using MediaPlatform.Tests.Support;
using static MediaPlatform.Infrastructure.Tests.Imaging.Pictures;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

/// <summary>Accidents of real child processes: files that say so make a child hang, spin, balloon, print or die.</summary>
internal sealed class DecoderPoolTests : DecodingFixture
{
    [Test]
    public async Task A_decoder_killed_in_the_middle_costs_one_picture()
    {
        await using var pool = APool(Options);
        await pool.Check(CancellationToken.None);
        var child = pool.IdleProcessIds().Single();
        var request = ARequest(AFile("rehearse:hang"));

        var hanging = pool.Render(request, CancellationToken.None);
        using (var process = Process.GetProcessById(child)) process.Kill();

        var outcome = await hanging;
        ExpectFault(outcome, request, "DECODER_CRASHED");
        Assert.That(outcome.Fault!.Retryable, "it was killed from outside");
        await ExpectAlive(pool, not: child);
    }

    [TestCase("rehearse:abort")]
    [TestCase("rehearse:violate")]
    public async Task A_crash_costs_one_picture(string file)
    {
        await using var pool = APool(Options);
        var request = ARequest(AFile(file));

        var outcome = await pool.Render(request, CancellationToken.None);

        ExpectFault(outcome, request, "DECODER_CRASHED");
        Assert.That(outcome.Fault!.Retryable, Is.False, "the same bytes crash it again");
        await ExpectAlive(pool);
    }

    [TestCase("rehearse:spin", false)]
    [TestCase("rehearse:hang", true)]
    public async Task A_hang_is_ended_by_the_time_limit(string file, bool retryable)
    {
        await using var pool = APool(Options with { TimeLimit = TimeSpan.FromSeconds(2) });
        await pool.Check(CancellationToken.None);
        var request = ARequest(AFile(file));

        var outcome = await pool.Render(request, CancellationToken.None);

        ExpectFault(outcome, request, "DECODER_TIMED_OUT");
        Assert.That(outcome.Fault!.Message, Does.Contain("2 s"));
        if (retryable) Assert.That(outcome.Fault.Retryable, "it did no work, so the machine may be at fault");
        await ExpectAlive(pool);
    }

    [Test]
    public async Task Memory_has_a_limit()
    {
        await using var pool = APool(Options with { MemoryLimitBytes = 512 << 20 });
        var request = ARequest(AFile("rehearse:allocate"));

        var outcome = await pool.Render(request, CancellationToken.None);

        ExpectFault(outcome, request, "DECODER_OUT_OF_MEMORY");
        Assert.That(outcome.Fault!.Retryable, Is.False);
        await ExpectAlive(pool);
    }

    [Test]
    public async Task A_picture_too_large_for_the_memory_costs_itself()
    {
        await using var pool = APool(Options with { MemoryLimitBytes = 256 << 20 });
        var source = Plain(7000, 7000, 1, 2, 3, 200).Save(APath("png"));
        var request = ARequest(source, [6900]);

        ExpectFault(await pool.Render(request, CancellationToken.None), request, "DECODER_OUT_OF_MEMORY");

        await ExpectAlive(pool);
    }

    [Test]
    public async Task A_cancelled_picture_leaves_nothing_and_frees_its_place()
    {
        await using var pool = APool(Options);
        await pool.Check(CancellationToken.None);
        var child = pool.IdleProcessIds().Single();
        var request = ARequest(AFile("rehearse:hang"));
        using var cancelling = new CancellationTokenSource();

        var hanging = pool.Render(request, cancelling.Token);
        await cancelling.CancelAsync();

        Assert.That(async () => await hanging, Throws.InstanceOf<OperationCanceledException>());
        ExpectNoOutput(request);
        Assert.That(IsGone(child));
        await ExpectAlive(pool);
    }

    [Test]
    public async Task Noise_on_standard_output_and_error_does_no_harm()
    {
        await using var pool = APool(Options);
        var request = ARequest(AFile("rehearse:chatter"));

        ExpectFault(await pool.Render(request, CancellationToken.None), request, "IMAGE_UNSUPPORTED");

        var child = pool.IdleProcessIds().Single();
        await ExpectAlive(pool);
        Assert.That(pool.IdleProcessIds(), Is.EqualTo(new[] { child }), "it is the same process");
    }

    [TestCase("echo nonsense", "DECODER_CRASHED")]
    [TestCase("echo '{}'", "DECODER_CRASHED")]
    [TestCase("echo '{\"Facts\":null,\"Renditions\":[{\"Preset\":\"a\",\"Path\":\"/etc/passwd\",\"Format\":\"jpeg\",\"Width\":1,\"Height\":1,\"SizeBytes\":1}],\"Fault\":null}'", "DECODER_CRASHED")]
    [TestCase("exec >/dev/null", "DECODER_TIMED_OUT")]
    public async Task A_decoder_taken_over_by_a_file_is_ended(string answer, string code)
    {
        await using var pool = APool(Options with { TimeLimit = TimeSpan.FromSeconds(5), Command = ["sh", "-c", $"read a; echo '{{\"Version\":\"1\"}}'; read b; {answer}; read c"] });
        await pool.Check(CancellationToken.None);
        var child = pool.IdleProcessIds().Single();
        var request = ARequest(AFile("whatever"));

        var outcome = await pool.Render(request, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        ExpectFault(outcome, request, code);
        Assert.That(IsGone(child));
    }

    [Test]
    public async Task A_child_is_replaced_after_its_share_of_files()
    {
        await using var pool = APool(Options with { FilesPerProcess = 2 });
        var source = Quarters(20, 20).Save(APath("png"));
        List<int?> children = [];

        for (var file = 0; file < 4; file++)
        {
            Assert.That((await pool.Render(ARequest(source), CancellationToken.None)).Fault, Is.Null);
            children.Add(pool.IdleProcessIds().Cast<int?>().SingleOrDefault());
        }

        Assert.That(children[0], Is.Not.Null);
        Assert.That(children[2], Is.Not.Null.And.Not.EqualTo(children[0]));
        Assert.That((children[1], children[3]), Is.EqualTo(((int?)null, (int?)null)));
        Assert.That(IsGone(children[0]!.Value));
    }

    [Test]
    public async Task No_child_is_left_after_the_pool()
    {
        var pool = APool(Options with { Processes = 2 });
        await Task.WhenAll(pool.Render(ARequest(Quarters(20, 20).Save(APath("png"))), CancellationToken.None), pool.Render(ARequest(Quarters(20, 20).Save(APath("png"))), CancellationToken.None));
        var children = pool.IdleProcessIds();
        var hanging = pool.Render(ARequest(AFile("rehearse:hang")), CancellationToken.None);

        await pool.DisposeAsync();

        Assert.That(children, Has.Length.EqualTo(2));
        Assert.That(children.Where(child => !IsGone(child)), Is.Empty);
        Assert.That(async () => await hanging, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await pool.Render(ARequest(AFile("")), CancellationToken.None), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task No_child_is_left_after_its_parent_was_killed()
    {
        // A shell stands between, and this test holds the pipes: only the parent-death signal can end the child.
        // "exec 3<&0" keeps the pipe, since a shell gives what it runs in the background no standard input.
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec 3<&0; {string.Join(' ', Options.Command)} <&3 & echo $!; wait"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var child = int.Parse((await shell.StandardOutput.ReadLineAsync())!);
        await DecoderProtocol.Send(shell.StandardInput.BaseStream, new DecoderSettings(shell.Id, 1 << 30, 1 << 28, Rehearsing: true), DecoderProtocol.Default.DecoderSettings, CancellationToken.None);
        Assert.That(await shell.StandardOutput.ReadLineAsync(), Does.Contain("Version"));
        await DecoderProtocol.Send(shell.StandardInput.BaseStream, ARequest(AFile("rehearse:hang")), DecoderProtocol.Default.RenderRequest, CancellationToken.None);
        Assert.That(IsGone(child), Is.False);

        shell.Kill();
        await shell.WaitForExitAsync();

        for (var patience = Stopwatch.StartNew(); !IsGone(child) && patience.Elapsed < TimeSpan.FromSeconds(10);) await Task.Delay(20);
        Assert.That(IsGone(child));
    }

    [Test]
    public async Task A_child_outlives_the_thread_that_asked_for_it()
    {
        await using var pool = APool(Options);
        var source = Quarters(20, 20).Save(APath("png"));
        Task<RenderOutcome>? first = null;
        var thread = new Thread(() => first = pool.Render(ARequest(source), CancellationToken.None));
        thread.Start();
        thread.Join();
        await first!;
        var child = pool.IdleProcessIds().Single();

        await ExpectAlive(pool);

        Assert.That(pool.IdleProcessIds(), Is.EqualTo(new[] { child }));
    }

    [Test]
    public async Task A_child_inherits_no_secret()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__Database", "Password=secret");
        await using var pool = APool(Options);
        await pool.Check(CancellationToken.None);

        var environment = await File.ReadAllTextAsync($"/proc/{pool.IdleProcessIds().Single()}/environ");

        Assert.That(environment, Does.Contain("LANG=").And.Not.Contain("secret").And.Not.Contain("HOME="));
    }

    [Test]
    public async Task A_child_has_put_limits_on_itself()
    {
        await using var pool = APool(Options with { MemoryLimitBytes = 700 << 20 });
        await pool.Check(CancellationToken.None);
        var child = pool.IdleProcessIds().Single();

        var limits = await File.ReadAllTextAsync($"/proc/{child}/limits");

        Assert.That(limits, Does.Match(@"Max data size +734003200 +734003200"));
        Assert.That(limits, Does.Match(@"Max core file size +0 +0"));
        Assert.That(limits, Does.Match(@"Max file size +268435456 +268435456"));
        Assert.That(await File.ReadAllTextAsync($"/proc/{child}/status"), Does.Match(@"NoNewPrivs:\s+1"));
    }

    [TestCase("/nowhere/at/all", "/nowhere/at/all")]
    [TestCase("cat", "cannot work")]
    [TestCase("false", "cannot work")]
    public void A_decoder_that_does_not_start_says_why(string command, string expected) =>
        Assert.That(async () =>
        {
            await using var pool = APool(Options with { Command = [command], StartLimit = TimeSpan.FromSeconds(5) });
            await pool.Check(CancellationToken.None);
        }, Throws.InstanceOf<ImageDecoderUnavailableException>().With.Message.Contains(expected));

    [Test]
    public async Task A_pool_recovers_when_decoders_can_be_started_again()
    {
        var program = APath("sh");
        await using var pool = APool(Options with { Command = ["sh", program] });
        Assert.That(async () => await pool.Check(CancellationToken.None), Throws.InstanceOf<ImageDecoderUnavailableException>());

        await File.WriteAllTextAsync(program, $"PATH=/usr/bin:/usr/local/bin exec {string.Join(' ', Options.Command)}\n");

        await ExpectAlive(pool);
    }

    [Test]
    public async Task A_pool_recovers_when_its_child_has_died_and_no_other_could_be_started_for_a_while()
    {
        var works = $"PATH=/usr/bin:/usr/local/bin exec {string.Join(' ', Options.Command)}\n";
        var program = APath("sh");
        await File.WriteAllTextAsync(program, works);
        await using var pool = APool(Options with { Command = ["sh", program] });
        await pool.Check(CancellationToken.None);
        var child = pool.IdleProcessIds().Single();

        await File.WriteAllTextAsync(program, "exit 1\n");
        using (var process = Process.GetProcessById(child)) process.Kill();
        await Eventually.Is("the child is gone", () => Task.FromResult(IsGone(child)));
        var source = Quarters(20, 20).Save(APath("png"));
        Assert.That(async () => await pool.Render(ARequest(source), CancellationToken.None), Throws.InstanceOf<ImageDecoderUnavailableException>());
        Assert.That(async () => await pool.Check(CancellationToken.None), Throws.InstanceOf<ImageDecoderUnavailableException>());

        await File.WriteAllTextAsync(program, works);
        await ExpectAlive(pool);
    }

    [Test]
    public void Settings_that_cannot_work_are_named() =>
        Assert.That(() => APool(Options with { Processes = 0, FilesPerProcess = 0 }), Throws.ArgumentException.With.Message.Contains("Imaging:Processes").And.Message.Contains("Imaging:FilesPerProcess"));

    [Test]
    public void A_source_that_is_not_there_is_the_callers_mistake() =>
        Assert.That(async () => await Pool.Render(ARequest(APath("png")), CancellationToken.None), Throws.InstanceOf<FileNotFoundException>());

    private async Task ExpectAlive(ImageDecoderPool pool, int? not = null)
    {
        var outcome = await pool.Render(ARequest(Quarters(20, 20).Save(APath("png"))), CancellationToken.None);
        Assert.That(outcome.Fault, Is.Null, outcome.Fault?.Message);
        if (not is not null) Assert.That(pool.IdleProcessIds(), Does.Not.Contain(not.Value));
    }

    private static bool IsGone(int process) => !Directory.Exists($"/proc/{process}");
}
