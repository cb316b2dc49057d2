using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace MediaPlatform.Infrastructure.Processes;

/// <summary>What one run of a program may take.</summary>
/// <param name="Time">Wall clock.</param>
/// <param name="Threads">That may be at work all of the time.</param>
/// <param name="MemoryBytes">Address space.</param>
/// <param name="FileBytes">Of each file that it writes.</param>
/// <param name="OutputBytes">To standard output.</param>
internal sealed record ProcessBounds(TimeSpan Time, int Threads, long MemoryBytes, long FileBytes, int OutputBytes);

/// <summary>How a run of a program ended.</summary>
/// <param name="End">Whether it ended by itself.</param>
/// <param name="ExitCode">Its exit code; 128 and more for a signal.</param>
/// <param name="Output">Standard output, up to the bound.</param>
/// <param name="Errors">The last of standard error, for the log: it holds paths.</param>
internal sealed record ProcessOutcome(ProcessEnd End, int ExitCode, byte[] Output, string Errors)
{
    public bool Succeeded => End is ProcessEnd.Exited && ExitCode == 0;
}

internal enum ProcessEnd { Exited, TimedOut, SaidTooMuch }

/// <summary>Runs a program of others with bounded time, memory, output and files, in an empty environment.</summary>
internal static class BoundedProcess
{
    private const int MaxErrorBytes = 16 * 1024;
    private const int MaxOpenFiles = 64;

    /// <summary>One sentence for each program that this takes and that is not there.</summary>
    public static IEnumerable<ValidationResult> Problems()
    {
        if (Executables.Find("env") is null) yield return new("env is not on the PATH: install coreutils.");
        if (Executables.Find("prlimit") is null) yield return new("prlimit, which bounds programs, is not on the PATH: install util-linux.");
    }

    /// <summary>Starts a program, and returns when it has gone.</summary>
    /// <param name="command">The program and its arguments; all of them the server's own.</param>
    /// <param name="start">Starts env, with its arguments, and with all of its pipes redirected.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    public static async Task<ProcessOutcome> Run(
        IEnumerable<string> command, ProcessBounds bounds, Func<string, IReadOnlyList<string>, Process> start, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var cpuSeconds = (long)Math.Ceiling(bounds.Time.TotalSeconds * bounds.Threads) + 1; // holds even when nobody is left to kill it
        using var process = start(
            Executables.Require("env"),
            [
                "-i", "LANG=C.UTF-8", "PATH=/usr/bin:/bin", // by which the first line of a script finds its interpreter
                Executables.Require("prlimit"), Limit("as", bounds.MemoryBytes), Limit("cpu", cpuSeconds), Limit("fsize", bounds.FileBytes), Limit("nofile", MaxOpenFiles), Limit("core", 0),
                .. command,
            ]);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(bounds.Time);

        process.StandardInput.Close();
        var errors = ReadTail(process.StandardError.BaseStream);
        var output = ReadUpTo(process.StandardOutput.BaseStream, bounds.OutputBytes, () => Kill(process));
        var timedOut = false;
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            timedOut = true;
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        var (bytes, tail) = (await output, await errors); // the pipes are at their end: the process was alone on them
        cancellationToken.ThrowIfCancellationRequested();

        var end = timedOut ? ProcessEnd.TimedOut : bytes is null ? ProcessEnd.SaidTooMuch : ProcessEnd.Exited;
        return new ProcessOutcome(end, process.ExitCode, bytes ?? [], tail);
    }

    private static string Limit(string of, long value) => string.Create(CultureInfo.InvariantCulture, $"--{of}={value}");

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

    /// <summary>All of a stream, or null when it is longer than the bound; then the rest is read and dropped.</summary>
    private static async Task<byte[]?> ReadUpTo(Stream stream, int bound, Action onMore)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        var tooMuch = false;
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            if (tooMuch) continue;
            tooMuch = kept.Length + read > bound;
            if (tooMuch) onMore();
            else kept.Write(buffer, 0, read);
        }

        return tooMuch ? null : kept.ToArray();
    }

    /// <summary>The last bytes of a stream: the reason why a program gave up is its last line.</summary>
    private static async Task<string> ReadTail(Stream stream)
    {
        var tail = new byte[2 * MaxErrorBytes];
        var filled = 0;
        int read;
        while ((read = await stream.ReadAsync(tail.AsMemory(filled))) > 0)
        {
            filled += read;
            if (filled < tail.Length) continue;
            tail.AsSpan(MaxErrorBytes).CopyTo(tail);
            filled = MaxErrorBytes;
        }

        return Encoding.UTF8.GetString(tail, 0, filled);
    }
}
