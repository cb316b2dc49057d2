using MediaPlatform.Application.Access;
using MediaPlatform.Application.Audit;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Library;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Schema;
using MediaPlatform.Application.Tagging;
using MediaPlatform.Domain.Access;
using MediaPlatform.Worker.Jobs;

namespace MediaPlatform.Worker;

/// <summary>The clockwork of all workers; the one that holds the lock runs it: jobs whose worker is gone, objects to delete, maintenance to queue.</summary>
internal sealed class Scheduler(
    IServiceScopeFactory scopes, JobRunner runner, IMediaStores stores, WorkerOptions options, MediaOptions media, TimeProvider time, ILogger<Scheduler> logger) : BackgroundService
{
    private const int AtATime = 100;
    private static readonly TimeSpan MaintenanceEvery = TimeSpan.FromMinutes(1);
    private const int PromotedAtATime = 1_000; // they are locked against deletion while they are gathered
    private static readonly TimeSpan PromotingFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TimeSpan leftoverAge = media.UploadExpiry + Day; // parts wait for as long as their upload
    private readonly TimeSpan silence = TimeSpan.FromTicks(Math.Max(options.Lease.Ticks, 3 * options.ScheduleEvery.Ticks));
    private readonly OutageLog outage = new("The scheduler", logger, time);
    private DateTimeOffset maintainedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var scope = CreateScope();
                await using var held = await scope.ServiceProvider.GetRequiredService<IJobSchedule>().TryTake(silence, stoppingToken);
                outage.Worked();
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
                outage.Failed(exception); // it goes on after its interval
            }

            await Task.Delay(options.ScheduleEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Tick(CancellationToken cancellationToken)
    {
        await Step("end abandoned jobs", EndAbandoned, cancellationToken);
        foreach (var store in stores.All) await Step($"sweep objects of the store {store.Provider}", ct => SweepObjects(store, ct), cancellationToken);

        await Step("gather promoted fields", Promote, cancellationToken);
        if (time.GetUtcNow() - maintainedAt < MaintenanceEvery) return;
        await Step("make partitions", ct => Schedule(schedule => schedule.MakePartitions(ct)), cancellationToken);
        await Step("queue the expiry of uploads", ct => Schedule(schedule => schedule.EnqueueUploadExpire(ct)), cancellationToken);
        await Step("queue the purge of the trash", ct => Schedule(schedule => schedule.EnqueueTrashPurge(ct)), cancellationToken);
        await Step("queue the expiry of jobs", ct => Schedule(schedule => schedule.EnqueueJobExpire(ct)), cancellationToken);
        await Step("forget idempotency keys", ForgetKeys, cancellationToken);
        await Step("queue the expiry of exports", ct => Schedule(schedule => schedule.EnqueueExportExpire(ct)), cancellationToken);
        await Step("queue the expiry of guests' sessions", ct => Schedule(schedule => schedule.EnqueueGuestSessionExpire(ct)), cancellationToken);
        await Step("queue the finding out of compilations", ct => Schedule(schedule => schedule.EnqueueCompilationRecalc(ct)), cancellationToken);
        await Step("abandon manifests whose lease has ended", ct => Do<IManifests>(manifests => manifests.AbandonLapsed(ct)), cancellationToken);
        await Step("add up what the library takes", ct => Do<ILibraryBudget>(budget => budget.Fold(ct)), cancellationToken);
        await Step("queue evictions", ct => Schedule(schedule => schedule.EnqueueLibraryGc(ct)), cancellationToken);
        await Step("forget old changes", ct => Do<IChangeRetention>(retention => retention.Forget(ct)), cancellationToken);
        await Step("add up the counts of tags", ct => Do<ITagCounts>(counts => counts.Fold(ct)), cancellationToken);
        foreach (var store in stores.All) await Step($"remove leftovers of the store {store.Provider}", ct => store.RemoveLeftovers(leftoverAge, ct), cancellationToken);
        maintainedAt = time.GetUtcNow();
    }

    /// <summary>One thing of many, whose fault does not stop the others.</summary>
    private async Task Step(string what, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
#pragma warning disable CA1031 // it is tried again with a later tick
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "The scheduler could not {Step}; it goes on with the rest", what);
        }
    }

    private Task Schedule(Func<IJobSchedule, Task> work) => Do(work);

    private async Task Do<T>(Func<T, Task> work)
        where T : notnull
    {
        await using var scope = CreateScope();
        await work(scope.ServiceProvider.GetRequiredService<T>());
    }

    private async Task EndAbandoned(CancellationToken cancellationToken)
    {
        await using var finding = CreateScope();
        foreach (var job in await finding.ServiceProvider.GetRequiredService<IJobQueue>().FindAbandoned(AtATime, cancellationToken))
        {
            await Step($"end abandoned job {job.Id}", async _ =>
            {
                await using var scope = scopes.CreateAsyncScope();
                await runner.EndAbandoned(scope.ServiceProvider, job);
            }, cancellationToken);
        }
    }

    private async Task SweepObjects(IMediaStore store, CancellationToken cancellationToken)
    {
        await using var scope = CreateScope();
        while (await scope.ServiceProvider.GetRequiredService<IObjectDeletions>().Sweep(store, AtATime, cancellationToken) == AtATime)
        {
        }
    }

    /// <summary>For a moment: what is left comes with the next ticks.</summary>
    private async Task Promote(CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + PromotingFor;
        while (time.GetUtcNow() < until)
        {
            await using var scope = CreateScope();
            if (!await scope.ServiceProvider.GetRequiredService<IFieldPromotions>().Advance(PromotedAtATime, cancellationToken)) return;
        }
    }

    private Task ForgetKeys(CancellationToken cancellationToken) => Do<IIdempotencyKeys>(async keys =>
    {
        while (await keys.Forget(AtATime, cancellationToken) == AtATime)
        {
        }
    });

    private AsyncServiceScope CreateScope()
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Caller = new Caller(Guid.Empty, ActorKind.System, ActorId: null, Role.Owner, "scheduler");
        return scope;
    }
}
