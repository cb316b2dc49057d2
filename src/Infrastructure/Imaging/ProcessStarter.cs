using System.Collections.Concurrent;
using System.Diagnostics;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>
/// Starts processes from one thread that lives as long as this object. Linux sends the parent-death signal when the
/// <em>thread</em> that started a child ends, and threads of the pool come and go.
/// </summary>
internal sealed class ProcessStarter : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Command, TaskCompletionSource<Process> Started)> orders = [];

    public ProcessStarter() => new Thread(Work) { IsBackground = true, Name = "decoder starter" }.Start();

    public Task<Process> Start(ProcessStartInfo command)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        orders.Add((command, started));
        return started.Task;
    }

    /// <summary>Ends the thread, and with it every child that still runs.</summary>
    public void Dispose() => orders.CompleteAdding();

    private void Work()
    {
        foreach (var (command, started) in orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(command)!);
            }
#pragma warning disable CA1031 // handed to the caller
            catch (Exception failure)
#pragma warning restore CA1031
            {
                started.SetException(failure);
            }
        }
        orders.Dispose();
    }
}
