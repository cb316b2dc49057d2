using System.Diagnostics;
using MediaPlatform.Infrastructure.Processes;

namespace MediaPlatform.Infrastructure.Cleaning;

/// <summary>Runs exiftool as <see cref="BoundedProcess"/> does, and without any configuration of its own.</summary>
internal sealed class ExifTool(CleaningOptions options)
{
    private const int MaxOutputBytes = 256 * 1024;

    private readonly string exiftool = Executables.Require("exiftool", options.ExifToolPath);

    /// <param name="arguments">Fixed ones, and paths that the server made.</param>
    /// <param name="maxFileBytes">Of a file that it writes.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    public Task<ProcessOutcome> Run(IEnumerable<string> arguments, long maxFileBytes, CancellationToken cancellationToken) => BoundedProcess.Run(
        [exiftool, "-config", "", .. arguments],
        new(options.TimeLimit, Threads: 1, options.MemoryLimitBytes, maxFileBytes, MaxOutputBytes),
        (env, command) => Process.Start(new ProcessStartInfo(env, command) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!,
        cancellationToken);
}
