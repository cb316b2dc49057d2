using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Infrastructure.Processes;

/// <summary>Finds programs the way a shell does, and says nothing where there is none.</summary>
internal static class Executables
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The absolute path of an executable file: the configured one alone when there is one, else the first on the PATH.</summary>
    public static string? Find(string program, string? configured = null)
    {
        if (configured is not null) return Path.IsPathFullyQualified(configured) && IsExecutable(configured) ? configured : null;

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(Path.IsPathFullyQualified)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(IsExecutable);
    }

    /// <summary>The absolute path of a program that was there when the settings were validated.</summary>
    public static string Require(string program, string? configured = null) =>
        Find(program, configured) ?? throw new InvalidOperationException($"{program} was there when the settings were validated.");

    /// <summary>Why a program of a setting cannot be run; null when it can.</summary>
    /// <param name="setting">What names it, such as <c>Video:FfmpegPath</c>.</param>
    /// <param name="package">What Debian calls what has it.</param>
    public static ValidationResult? Missing(string program, string? configured, string setting, string package) =>
        Find(program, configured) is not null ? ValidationResult.Success
        : new(configured is null
            ? $"{program} is not on the PATH: install it (Debian: apt-get install {package}), or set {setting}."
            : $"{setting} names {configured}, which is not an executable file.");

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) is not UnixFileMode.None);
}
