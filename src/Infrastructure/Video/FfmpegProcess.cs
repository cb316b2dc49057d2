using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Options;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>How a run of ffmpeg or ffprobe ended.</summary>
/// <param name="End">Whether it ended by itself.</param>
/// <param name="ExitCode">Its exit code; 128 and more for a signal.</param>
/// <param name="Output">Standard output, up to the bound.</param>
/// <param name="Errors">The last of standard error, for the log: it holds paths.</param>
internal sealed record ProcessOutcome(ProcessEnd End, int ExitCode, byte[] Output, string Errors)
{
    public bool Succeeded => End is ProcessEnd.Exited && ExitCode == 0;
}

internal enum ProcessEnd { Exited, TimedOut, SaidTooMuch }

/// <summary>
/// Runs ffmpeg and ffprobe with bounded time, memory, output and files, in an empty environment.
/// </summary>
/// <remarks>
/// Xabe.FFmpeg starts the process and no more: its own runners keep all output in memory, do not wait for a killed process,
/// and may throw from an <c>async void</c> callback, which ends the worker. docs/adr/0010 has the whole of it.
/// </remarks>
internal sealed class FfmpegProcess : Xabe.FFmpeg.FFmpeg
{
    private const int MaxErrorBytes = 16 * 1024;
    private const int MaxOpenFiles = 64;

    private readonly VideoOptions options;
    private readonly string ffmpeg;
    private readonly string ffprobe;
    private readonly string env;
    private readonly string prlimit;

    private FfmpegProcess(VideoOptions options)
    {
        this.options = options;
        (ffmpeg, ffprobe) = (Required("ffmpeg", options.FfmpegPath), Required("ffprobe", options.FfprobePath));
        (env, prlimit) = (Required("env"), Required("prlimit"));
    }

    /// <summary>A runner; the options must have been validated.</summary>
    public static FfmpegProcess From(IOptions<VideoOptions> options)
    {
        // The base class looks on the PATH when it is constructed, and fails where there is nothing. What runs is always our own choice.
        if (options.Value.FfmpegPath is { } configured && Executables.Find("ffmpeg") is null) SetExecutablesPath(Path.GetDirectoryName(configured));
        return new FfmpegProcess(options.Value);
    }

    /// <summary>Runs ffmpeg; files it writes may have at most <paramref name="maxFileBytes"/>.</summary>
    public Task<ProcessOutcome> Ffmpeg(IEnumerable<string> arguments, TimeSpan limit, long maxFileBytes, CancellationToken cancellationToken) =>
        Run(ffmpeg, ["-nostdin", .. arguments], limit, maxFileBytes, 64 * 1024, cancellationToken);

    /// <summary>Runs ffprobe, which may write no file, and at most <paramref name="maxOutputBytes"/> to standard output.</summary>
    public Task<ProcessOutcome> Ffprobe(IEnumerable<string> arguments, TimeSpan limit, int maxOutputBytes, CancellationToken cancellationToken) =>
        Run(ffprobe, arguments, limit, 0, maxOutputBytes, cancellationToken);

    private async Task<ProcessOutcome> Run(
        string program, IEnumerable<string> arguments, TimeSpan limit, long maxFileBytes, int maxOutputBytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var cpuSeconds = (long)Math.Ceiling(limit.TotalSeconds * options.Threads) + 1; // holds even when nobody is left to kill it
        string[] command =
        [
            "-i", "LANG=C.UTF-8", prlimit, $"--as={options.MemoryLimitBytes}", $"--cpu={cpuSeconds}", $"--fsize={maxFileBytes}", $"--nofile={MaxOpenFiles}", "--core=0",
            program, .. arguments,
        ];

        using var process = RunProcess(string.Join(' ', command.Select(Quoted)), env, null, standardInput: true, standardOutput: true, standardError: true);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);

        process.StandardInput.Close();
        var errors = ReadTail(process.StandardError.BaseStream);
        var output = ReadUpTo(process.StandardOutput.BaseStream, maxOutputBytes, () => Kill(process));
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

    /// <summary>The last bytes of a stream: the reason why ffmpeg gave up is its last line.</summary>
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

    /// <summary>One argument of the command line. Every argument is the server's own, so one that would need escaping is a bug.</summary>
    private static string Quoted(string argument) => argument.AsSpan().IndexOfAny('"', '\\', '\0') < 0
        ? $"\"{argument}\""
        : throw new ArgumentException("An argument of ffmpeg holds a quote, a backslash or NUL.", nameof(argument));

    private static string Required(string program, string? configured = null) =>
        Executables.Find(program, configured) ?? throw new InvalidOperationException($"{program} was there when the options were validated.");
}
