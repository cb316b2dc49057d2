using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Access;
using MediaPlatform.Worker.Jobs;

namespace MediaPlatform.Worker;

/// <summary>The clockwork of all workers; the one that holds the lock runs it: jobs whose worker is gone, objects to delete, maintenance to queue.</summary>
internal sealed class Scheduler(
    IServiceScopeFactory scopes, JobRunner runner, IMediaStore store, WorkerOptions options, TimeProvider time, ILogger<Scheduler> logger) : BackgroundService
{
    private const int AtATime = 100;
    private static readonly TimeSpan MaintenanceEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromDays(2);

    private readonly TimeSpan silence = TimeSpan.FromTicks(Math.Max(options.Lease.Ticks, 3 * options.ScheduleEvery.Ticks));
    private DateTimeOffset maintainedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var scope = CreateScope();
                await using var held = await scope.ServiceProvider.GetRequiredService<IJobSchedule>().TryTake(silence, stoppingToken);
                while (held is not null && await held.IsHeld(stoppingToken))
                {
                    await Tick(stoppingToken);
                    await Task.Delay(options.ScheduleEvery, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // the clockwork outlives whatever goes wrong: mostly a database that is away
            catch (Exception exception)
#pragma warning restore CA1031
            {
                logger.LogError(exception, "The scheduler stumbled; it goes on after its interval");
            }

            await Task.Delay(options.ScheduleEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Tick(CancellationToken cancellationToken)
    {
        await EndAbandoned(cancellationToken);
        await SweepObjects(cancellationToken);

        if (time.GetUtcNow() - maintainedAt < MaintenanceEvery) return;
        await using var scope = CreateScope();
        await scope.ServiceProvider.GetRequiredService<IJobSchedule>().EnqueueDue(cancellationToken);
        await store.RemoveLeftovers(LeftoverAge, cancellationToken);
        maintainedAt = time.GetUtcNow();
    }

    private async Task EndAbandoned(CancellationToken cancellationToken)
    {
        await using var finding = CreateScope();
        foreach (var job in await finding.ServiceProvider.GetRequiredService<IJobQueue>().FindAbandoned(AtATime, cancellationToken))
        {
            await using var scope = scopes.CreateAsyncScope();
            await runner.EndAbandoned(scope.ServiceProvider, job);
        }
    }

    private async Task SweepObjects(CancellationToken cancellationToken)
    {
        await using var scope = CreateScope();
        while (await scope.ServiceProvider.GetRequiredService<IObjectDeletions>().Sweep(store, AtATime, cancellationToken) == AtATime)
        {
        }
    }

    private AsyncServiceScope CreateScope()
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Caller = new Caller(Guid.Empty, ActorKind.System, ActorId: null, Role.Owner, "scheduler");
        return scope;
    }
}
