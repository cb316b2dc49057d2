using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>What a child takes from itself before it opens a file. Linux alone.</summary>
internal static partial class ProcessLimits
{
    private const int FileSize = 1, Data = 2, Core = 4, OpenFiles = 7;
    private const int ParentDeathSignal = 1, NoNewPrivileges = 38;
    private const int Kill = 9, FileSizeExceeded = 25;
    private const nint Ignore = 1;
    private const int StandardOutput = 1, StandardError = 2;

    /// <summary>Sets the limits for good: this process can never raise them again.</summary>
    public static void Apply(DecoderSettings settings)
    {
        Check(prctl(ParentDeathSignal, Kill, 0, 0, 0), "PR_SET_PDEATHSIG");
        Check(prctl(NoNewPrivileges, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
        signal(FileSizeExceeded, Ignore); // so that too large a file is a failed write and not a dead process
        // RLIMIT_DATA counts what is private and writable; RLIMIT_AS would count the hundreds of GiB that the runtime reserves
        Limit(Data, settings.MemoryLimitBytes, "RLIMIT_DATA");
        Limit(FileSize, settings.OutputLimitBytes, "RLIMIT_FSIZE");
        Limit(Core, 0, "RLIMIT_CORE");
        Limit(OpenFiles, 128, "RLIMIT_NOFILE");
    }

    /// <summary>The parent died before it could be watched.</summary>
    public static bool IsOrphan(DecoderSettings settings) => getppid() != settings.ParentProcessId;

    /// <summary>Whatever a native library prints goes to standard error: only messages go to the pool. Streams opened before are not affected.</summary>
    public static void KeepOutputClean() => Check(dup2(StandardError, StandardOutput), "dup2");

    private static void Limit(int resource, long value, string name)
    {
        var limit = new ResourceLimit((ulong)value, (ulong)value);
        Check(setrlimit(resource, ref limit), name);
    }

    private static void Check(int result, string what)
    {
        if (result < 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{what} cannot be set: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [StructLayout(LayoutKind.Sequential)]
    private record struct ResourceLimit(ulong Soft, ulong Hard);

    [LibraryImport("libc", SetLastError = true)] private static partial int setrlimit(int resource, ref ResourceLimit limit);
    [LibraryImport("libc", SetLastError = true)] private static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);
    [LibraryImport("libc", SetLastError = true)] private static partial int dup2(int from, int to);
    [LibraryImport("libc")] private static partial nint signal(int number, nint handler);
    [LibraryImport("libc")] private static partial int getppid();
}
