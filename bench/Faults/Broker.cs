using System.Diagnostics;

namespace MediaPlatform.Bench.Faults;

/// <summary>The broker of this ./dev bench, to be killed and started again by the script that started it.</summary>
internal static class Broker
{
    private const int Tries = 3;

    /// <summary>SIGKILL; returns when it is dead.</summary>
    public static async Task Kill()
    {
        if (!await Run("kill")) throw new InvalidOperationException("The broker could not be killed.");
    }

    /// <summary>Returns when it answers, which takes minutes where others keep the processors busy.</summary>
    public static async Task Start()
    {
        for (var tries = 0; !await Run("start"); tries++)
            if (tries == Tries) throw new InvalidOperationException("The broker does not start.");
    }

    private static async Task<bool> Run(string what)
    {
        using var process = Process.Start(new ProcessStartInfo(BenchPlatform.Required("MEDIAPLATFORM_BENCH_BROKER"), [what]))!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
