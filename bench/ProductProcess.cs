using System.Diagnostics;

namespace MediaPlatform.Bench;

/// <summary>One process of the product, which may be started again, at the same address, as often as it has ended.</summary>
/// <param name="log">The file that its output is added to.</param>
public sealed class ProductProcess(string log, string[] command, string folder, IReadOnlyDictionary<string, string> settings, Uri address) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private const int LinesShown = 30;

    private Process? process;

    public Uri Address => address;

    /// <summary>Null when it does not run.</summary>
    public int? Id => process is { HasExited: false } running ? running.Id : null;

    /// <summary>Does not wait until it is ready.</summary>
    public void Start()
    {
        process?.Dispose();

        // a shell sends the logs, which are written as ever, to a file
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, .. command]) { WorkingDirectory = folder };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        process = Process.Start(start)!;
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or is not ready after five minutes; the message has its log.</exception>
    public async Task BecomesReady()
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < StartLimit && Id is not null; await Task.Delay(100))
        {
            try
            {
                if ((await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode) return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // not yet
            }
        }

        throw new InvalidOperationException($"{Path.GetFileName(command[^1])} did not become ready:\n{string.Join('\n', File.ReadLines(log).TakeLast(LinesShown))}");
    }

    /// <summary>SIGKILL, to it alone: its children are its own affair.</summary>
    public async Task Kill()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> Stop()
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {process!.Id}"]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null) return;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
