using System.Diagnostics;
using System.Globalization;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

/// <summary>The worker as a process of its own, which can be killed or put to sleep.</summary>
internal sealed class ChildWorker : IDisposable
{
    private readonly Process process;

    private ChildWorker(Process process) => this.process = process;

    public static ChildWorker Start(Platform platform)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = platform.Root,
        };
        foreach (var (name, value) in platform.Environment) start.Environment[name] = value;
        var started = Process.Start(start)!;
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return new ChildWorker(started);
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
}
