using System.Threading.Channels;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Worker.Jobs;

/// <summary>
/// Each family has its slots; a slot claims and runs one job after another until there is none, then sleeps until it is woken or
/// its poll is due. A wake-up says "this family has work" and no more, so one that is lost, doubled or late harms nothing.
/// </summary>
internal sealed class JobPump(
    IServiceScopeFactory scopes, JobRunner runner, WorkerOptions options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<JobPump> logger) : BackgroundService
{
    private readonly OutageLog outage = new("Taking jobs", logger, time);

    private readonly Dictionary<JobFamily, Channel<TaskCompletionSource>> wakes =
        Enum.GetValues<JobFamily>().ToDictionary(family => family, _ => Channel.CreateUnbounded<TaskCompletionSource>());

    private readonly CancellationTokenSource abort = new();

    /// <summary>
    /// Returns when a slot has taken notice, so that a message stays with the broker, for another worker, while all slots here are busy;
    /// and when the process is asked to stop, which must not wait for the messages before it waits for the jobs.
    /// </summary>
    public async Task Wake(JobFamily family, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (options.SlotsOf(family) == 0) return;
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await wakes[family].Writer.WriteAsync(taken, cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await taken.Task.WaitAsync(patience, enough.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Jobs go on for a while after the stop was asked for. That begins with the process, not when this service's turn comes to
        // stop, which is after the bus and whatever time that takes.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        await using var grace = stopping.Token.Register(() => abort.CancelAfter(options.StopGrace));
        await using (var scope = scopes.CreateAsyncScope()) JobFigures.Announce(scope.ServiceProvider.GetServices<IJobHandler>());
        await Task.WhenAll(
            from family in Enum.GetValues<JobFamily>()
            from slot in Enumerable.Range(0, options.SlotsOf(family))
            select Task.Run(() => RunSlot(family, stopping.Token), CancellationToken.None));
    }

    public override void Dispose()
    {
        base.Dispose();
        abort.Dispose();
    }

    private async Task RunSlot(JobFamily family, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await WaitForWake(family, stopping);
                while (!stopping.IsCancellationRequested && await RunNext(family))
                {
                    if (wakes[family].Reader.TryRead(out var another)) another.TrySetResult(); // what it told of is being worked through
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a slot outlives whatever goes wrong: mostly a database that is away
            catch (Exception exception)
#pragma warning restore CA1031
            {
                logger.LogError(exception, "The {Family} queue cannot be worked; trying again after the poll", family);
            }
        }
    }

    private async Task WaitForWake(JobFamily family, CancellationToken stopping)
    {
        using var poll = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        poll.CancelAfter(options.Poll * (0.75 + (Random.Shared.NextDouble() / 2))); // spread, so that slots do not ask all at once
        try
        {
            (await wakes[family].Reader.ReadAsync(poll.Token)).TrySetResult();
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // the poll is due
        }
    }

    private async Task<bool> RunNext(JobFamily family)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await Claim(scope.ServiceProvider, family) is not { } job) return false;

        await runner.Run(scope.ServiceProvider, job, abort.Token);
        return true;
    }

    /// <summary>The next job, if there is one and the database is there; it is asked again after the poll.</summary>
    private async Task<ClaimedJob?> Claim(IServiceProvider services, JobFamily family)
    {
        try
        {
            var job = await services.GetRequiredService<IJobQueue>().Claim(family, options.Lease, CancellationToken.None);
            outage.Worked();
            return job;
        }
#pragma warning disable CA1031 // whatever it is, it is told, and the slot lives on
        catch (Exception exception)
#pragma warning restore CA1031
        {
            outage.Failed(exception);
            return null;
        }
    }
}
