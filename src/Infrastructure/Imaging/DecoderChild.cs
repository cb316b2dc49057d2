using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>The pool's side of one child process. Used by one caller at a time.</summary>
internal sealed class DecoderChild : IAsyncDisposable
{
    private const int LongestLastWords = 4096;
    private const int KilledExitCode = 128 + 9;
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromSeconds(1);

    /// <summary>The only variables a child inherits: where its runtime and its libraries lie. Nothing secret is among them.</summary>
    private static readonly string[] Inherited = ["DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "LD_LIBRARY_PATH", "TMPDIR"];

    private readonly Process process;
    private readonly Task<string> lastWords;
    private bool distrusted;

    private DecoderChild(Process process)
    {
        this.process = process;
        lastWords = DrainErrors(process.StandardError.BaseStream);
    }

    public int ProcessId => process.Id;

    public bool IsAlive => !process.HasExited;

    /// <summary>Files that it was given.</summary>
    public int Files { get; private set; }

    /// <summary>Processor time that it has used; zero once it ended.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            try
            {
                return process.TotalProcessorTime;
            }
            catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
            {
                return TimeSpan.Zero;
            }
        }
    }

    /// <exception cref="ImageDecoderUnavailableException">No child can be started; the message says what is missing.</exception>
    public static async Task<DecoderChild> Start(ImagingOptions options, ProcessStarter starter, CancellationToken cancellationToken)
    {
        DecoderChild child;
        try
        {
            child = new DecoderChild(await starter.Start(Command(options)));
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            throw new ImageDecoderUnavailableException($"The picture decoder cannot be started: {failure.Message}", failure);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.StartLimit);
        await using var killing = deadline.Token.Register(child.Kill);
        DecoderGreeting? greeting = null;
        try
        {
            var settings = new DecoderSettings(Environment.ProcessId, options.MemoryLimitBytes, options.OutputLimitBytes, options.Rehearsing);
            await DecoderProtocol.Send(child.process.StandardInput.BaseStream, settings, DecoderProtocol.Default.DecoderSettings, CancellationToken.None);
            greeting = await DecoderProtocol.Receive(child.process.StandardOutput.BaseStream, DecoderProtocol.Default.DecoderGreeting, CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            // it died or is no decoder: the same as an answer that never came
        }
        if (greeting is { Version: not null, Problem: null } && !deadline.IsCancellationRequested) return child;

        child.Kill();
        var words = await child.Exited();
        await child.DisposeAsync();
        cancellationToken.ThrowIfCancellationRequested();
        throw new ImageDecoderUnavailableException($"The picture decoder cannot work: {greeting?.Problem ?? (words.Length > 0 ? words : "it ended without a word.")}");
    }

    /// <returns>Null when it died or answered nonsense; either way it is of no more use.</returns>
    public async Task<RenderOutcome?> Render(RenderRequest request)
    {
        Files++;
        try
        {
            await DecoderProtocol.Send(process.StandardInput.BaseStream, request, DecoderProtocol.Default.RenderRequest, CancellationToken.None);
            return await DecoderProtocol.Receive(process.StandardOutput.BaseStream, DecoderProtocol.Default.RenderOutcome, CancellationToken.None);
        }
        catch (IOException)
        {
            return null;
        }
        catch (JsonException)
        {
            Distrust();
            return null;
        }
    }

    /// <summary>Ends a child that answers what it should not: the file may have taken it over.</summary>
    public void Distrust()
    {
        distrusted = true;
        Kill();
    }

    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // it had ended already
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The fault that its end means.</returns>
    public async Task<RenderFault> Fault()
    {
        var words = await Exited();
        return RenderFaults.TellsOfMemory(words) ? RenderFaults.OutOfMemory
            : process.ExitCode == KilledExitCode && !distrusted ? RenderFaults.Killed
            : RenderFaults.Crashed;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited();
        process.Dispose();
    }

    private async Task<string> Exited()
    {
        await process.WaitForExitAsync(CancellationToken.None);
        try
        {
            return await lastWords.WaitAsync(LastWordsLimit);
        }
        catch (TimeoutException)
        {
            return ""; // something that a file started through it holds the pipe open, and must not hold up the pool
        }
    }

    private static ProcessStartInfo Command(ImagingOptions options)
    {
        string[] command = options.Command.Count > 0 ? [.. options.Command]
            : Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, Assembly.GetEntryAssembly()!.Location, DecoderProcess.Argument]
            : [Environment.ProcessPath!, DecoderProcess.Argument];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var name in Inherited)
            if (Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["DOTNET_GCHeapHardLimit"] = (128 << 20).ToString("x", CultureInfo.InvariantCulture); // pixels are native; 128 MiB are for messages and metadata
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return start;
    }

    /// <summary>Reads standard error to its end, so that the child never blocks on it, and keeps the last of it.</summary>
    private static async Task<string> DrainErrors(Stream errors)
    {
        var kept = new byte[LongestLastWords];
        var chunk = new byte[LongestLastWords];
        var length = 0;
        while (await errors.ReadAsync(chunk) is var read and > 0)
        {
            var keep = Math.Min(length, LongestLastWords - read);
            kept.AsSpan(length - keep, keep).CopyTo(kept);
            chunk.AsSpan(0, read).CopyTo(kept.AsSpan(keep));
            length = keep + read;
        }
        return Encoding.UTF8.GetString(kept, 0, length).Trim();
    }
}
