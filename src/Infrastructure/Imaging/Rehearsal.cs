using System.Runtime.InteropServices;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>The accidents that tests ask a child for, by the text of a file. Never heard unless <see cref="ImagingOptions.Rehearsing"/>.</summary>
internal static partial class Rehearsal
{
    private const nint NoMemory = 8;

    public static void Perform(string path)
    {
        Span<byte> head = stackalloc byte[32];
        using var file = File.OpenRead(path);
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.StartsWith("rehearse:hang"u8)) Thread.Sleep(Timeout.Infinite);
        if (head.StartsWith("rehearse:spin"u8)) while (true) Thread.SpinWait(1000);
        if (head.StartsWith("rehearse:abort"u8)) abort();
        if (head.StartsWith("rehearse:violate"u8)) memset(NoMemory, 0, 1);
        if (head.StartsWith("rehearse:allocate"u8)) while (true) Clear(g_malloc(1 << 20));
        if (head.StartsWith("rehearse:chatter"u8)) Chatter();
    }

    private static void Chatter()
    {
        for (var line = 0; line < 100_000; line++) Console.WriteLine("noise on standard output, where only messages may be");
    }

    private static unsafe void Clear(nint memory) => NativeMemory.Clear((void*)memory, 1 << 20);

    [LibraryImport("libc")] private static partial void abort();
    [LibraryImport("libc")] private static partial nint memset(nint memory, int value, nuint size);
    [LibraryImport("libglib-2.0.so.0")] private static partial nint g_malloc(nuint size);
}
