using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>What .NET does not ask of a file system.</summary>
internal static partial class Posix
{
    private const int CloseOnExec = 0x80000; // and read-only, which is 0
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint WantOwner = 0x8;

    /// <summary>Makes the names in a folder durable; see fsync(2).</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public static void FlushFolder(string path)
    {
        using var folder = open(path, CloseOnExec);
        if (folder.IsInvalid) throw Failure(path);
        RandomAccess.FlushToDisk(folder);
    }

    /// <summary>The user that this process runs as.</summary>
    public static uint User => geteuid();

    /// <summary>The user that a path itself belongs to, and not what it may link to.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static uint OwnerOf(string path) =>
        statx(CurrentFolder, path, DoNotFollow, WantOwner, out var status) == 0 ? status.Owner : throw Failure(path);

    private static IOException Failure(string path) => new($"{path}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    /// <summary>struct statx, the same on every machine; see statx(2).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)] public uint Owner;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)] private static partial SafeFileHandle open(string path, int flags);
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)] private static partial int statx(int folder, string path, int flags, uint mask, out Status status);
    [LibraryImport("libc")] private static partial uint geteuid();
}
