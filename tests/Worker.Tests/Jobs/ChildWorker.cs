using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

/// <summary>The worker as a process of its own, which can be killed or put to sleep.</summary>
internal sealed partial class ChildWorker : IDisposable
{
    private readonly Process process;
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildWorker(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (Address().Match(line.Data ?? "") is { Success: true } said) listening.TrySetResult(new(said.Value));
        };
    }

    /// <summary>Where its health pages are, once it has said so in its log.</summary>
    public Task<Uri> Listening => listening.Task.WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>One that does all that a worker does.</summary>
    public static ChildWorker StartPlain(Platform platform, params (string Name, string Value)[] settings) => Start(platform, [("Worker__Lease", "00:00:08"), .. settings]);

    /// <summary>One that hangs as soon as it reads a film or a sound, since its ffprobe does nothing but sleep.</summary>
    public static ChildWorker StartWithHangingProbe(Platform platform)
    {
        var probe = Path.Combine(platform.Root, "ffprobe");
        File.WriteAllText(probe, "#!/bin/sh\nexec sleep 30\n");
        File.SetUnixFileMode(probe, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return Start(platform, ("Video__FfprobePath", probe), ("Worker__Lease", "00:00:08")); // a new process on a busy machine may miss beats
    }

    /// <summary>One that hangs as soon as it reads a picture, since its decoder says that it works and then does nothing.</summary>
    public static ChildWorker StartWithHangingDecoder(Platform platform) => Start(
        platform,
        ("Imaging__Command__0", "sh"), ("Imaging__Command__1", "-c"), ("Imaging__Command__2", "read settings; echo '{\"Version\":\"1\"}'; read request; exec sleep 60"),
        ("Worker__Lease", "00:00:08"));

    private static ChildWorker Start(Platform platform, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = platform.Root,
        };
        foreach (var (name, value) in platform.Environment) start.Environment[name] = value;
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var started = Process.Start(start)!;
        var worker = new ChildWorker(started);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return worker;
    }

    public Task Kill() => Signal("KILL");

    public Task Sleep() => Signal("STOP");

    public Task WakeUp() => Signal("CONT");

    /// <summary>Asks it to stop and gives its exit code.</summary>
    public async Task<int> Terminate()
    {
        await Signal("TERM");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.That(kill.ExitCode, Is.Zero);
    }

    [GeneratedRegex(@"(?<=Now listening on: \W*)http://127\.0\.0\.1:[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Address();
}
