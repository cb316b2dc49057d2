using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using MediaPlatform.Infrastructure.Video;

namespace MediaPlatform.Infrastructure.Cleaning;

/// <summary>How a run of exiftool ended.</summary>
/// <param name="ExitCode">Null when it took too long, or said too much.</param>
/// <param name="Errors">For the log: it holds paths.</param>
internal sealed record ExifToolOutcome(int? ExitCode, string Output, string Errors);

/// <summary>Runs exiftool with bounded time, memory, output and files, in an empty environment and without any configuration of its own.</summary>
internal sealed class ExifTool(CleaningOptions options)
{
    private const int MaxOutputChars = 256 * 1024;
    private const int MaxOpenFiles = 64;

    private readonly string exiftool = Executables.Find("exiftool", options.ExifToolPath)!; // as the options were validated
    private readonly string env = Executables.Find("env")!;
    private readonly string prlimit = Executables.Find("prlimit")!;

    /// <param name="arguments">Fixed ones, and paths that the server made.</param>
    /// <param name="maxFileBytes">Of a file that it writes.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    public async Task<ExifToolOutcome> Run(IEnumerable<string> arguments, long maxFileBytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(
            env,
            [
                "-i", "LANG=C.UTF-8", "PATH=/usr/bin:/bin", // which Perl's own line needs to find it
                prlimit, $"--as={options.MemoryLimitBytes}", $"--cpu={(long)options.TimeLimit.TotalSeconds + 1}", $"--fsize={maxFileBytes}", $"--nofile={MaxOpenFiles}", "--core=0",
                exiftool, "-config", "", .. arguments,
            ])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.TimeLimit);

        process.StandardInput.Close();
        var output = ReadUpTo(process.StandardOutput, deadline);
        var errors = ReadUpTo(process.StandardError, deadline);
        var ended = true;
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            ended = false;
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        var (said, complained) = (await output, await errors); // the pipes are at their end: the process was alone on them
        cancellationToken.ThrowIfCancellationRequested();
        return new(ended ? process.ExitCode : null, said, complained);
    }

    private static async Task<string> ReadUpTo(StreamReader reader, CancellationTokenSource stop)
    {
        var kept = new StringBuilder();
        var buffer = new char[8192];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            if (kept.Length + read <= MaxOutputChars) kept.Append(buffer, 0, read);
            else await stop.CancelAsync();
        }

        return kept.ToString();
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It has just ended.
        }
    }
}
