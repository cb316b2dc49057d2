using MediaPlatform.Application;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Infrastructure;
using MediaPlatform.Worker.Jobs;

namespace MediaPlatform.Worker.Commands;

/// <summary>Does one job in this process, as a worker does it: with a lease, so that it is another's when this process is killed.</summary>
internal sealed class OneJobWorker(Guid clientId, Guid id) : IAsyncDisposable
{
    private readonly ServiceProvider services = Services();
    private readonly CancellationTokenSource aborted = new();
    private Task running = Task.CompletedTask;

    /// <summary>Begins it, when it is due and nobody has it.</summary>
    public async Task Take(CancellationToken cancellationToken)
    {
        if (!running.IsCompleted) return;
        await running;
        var scope = services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<IJobQueue>().ClaimOne(clientId, id, services.GetRequiredService<WorkerOptions>().Lease, cancellationToken) is not { } job)
        {
            await scope.DisposeAsync();
            return;
        }

        running = Run(scope, job);
    }

    public async ValueTask DisposeAsync()
    {
        await aborted.CancelAsync();
        await running; // it gives the job back
        aborted.Dispose();
        await services.DisposeAsync();
    }

    private async Task Run(AsyncServiceScope scope, ClaimedJob job)
    {
        await using (scope) await services.GetRequiredService<JobRunner>().Run(scope.ServiceProvider, job, aborted.Token);
    }

    private static ServiceProvider Services()
    {
        var parts = Operator.Basis().AddUrlFetching().AddStockProviders().AddMediaTools().AddJobHandlers();
        parts.AddSettings<WorkerOptions>("Worker");
        parts.AddSingleton<JobRunner>();
        return parts.AddLogging(logging => logging.AddFilter("MediaPlatform.Worker", LogLevel.Error)).BuildServiceProvider();
    }
}
