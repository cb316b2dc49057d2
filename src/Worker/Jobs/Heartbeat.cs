using MediaPlatform.Application.Jobs;

namespace MediaPlatform.Worker.Jobs;

/// <summary>Beats while a job runs: prolongs its lease, shows its progress, and stops the handler when the lease is lost, a person cancels, or the worker stops.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private readonly IServiceScopeFactory scopes;
    private readonly JobRun run;
    private readonly WorkerOptions options;
    private readonly ILogger logger;
    private readonly CancellationTokenSource handler;
    private readonly CancellationTokenSource beating = new();
    private readonly Task beats;

    public Heartbeat(IServiceScopeFactory scopes, JobRun run, WorkerOptions options, ILogger logger, CancellationToken aborted)
    {
        (this.scopes, this.run, this.options, this.logger) = (scopes, run, options, logger);
        handler = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        beats = Beat();
    }

    /// <summary>Cancelled when the handler has to stop.</summary>
    public CancellationToken Token => handler.Token;

    public bool LeaseLost { get; private set; }

    public bool CancelRequested { get; private set; }

    /// <summary>No beat comes after this.</summary>
    public async Task Stop()
    {
        await beating.CancelAsync();
        await beats;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        handler.Dispose();
        beating.Dispose();
    }

    private async Task Beat()
    {
        var lastHeld = Environment.TickCount64;
        while (!beating.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.Heartbeat, beating.Token);
                await using var scope = scopes.CreateAsyncScope();
                var heard = await scope.ServiceProvider.GetRequiredService<IJobQueue>().Beat(run.Job, options.Lease, run.Progress, run.Timeline, beating.Token);
                if (heard is LeaseState.Held) lastHeld = Environment.TickCount64;
                LeaseLost |= heard is LeaseState.Lost;
                CancelRequested |= heard is LeaseState.CancelRequested;
            }
            catch (OperationCanceledException) when (beating.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a beat that fails is one beat; the lease covers several
            catch (Exception exception)
#pragma warning restore CA1031
            {
                logger.LogWarning(exception, "A heartbeat of job {JobId} did not arrive", run.Job.Id);
                LeaseLost |= Environment.TickCount64 - lastHeld > options.Lease.TotalMilliseconds; // others may have it by now
            }

            if (LeaseLost || CancelRequested)
            {
                await handler.CancelAsync();
                return;
            }
        }
    }
}
