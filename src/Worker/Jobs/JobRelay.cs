using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Worker.Messaging;

namespace MediaPlatform.Worker.Jobs;

/// <summary>Turns outbox rows into wake-ups: one message a row, confirmed before the rows are gone. While the broker is away the rows stay.</summary>
internal sealed class JobRelay(IServiceScopeFactory scopes, IWorkSignal signal, WorkerOptions options, TimeProvider time, ILogger<JobRelay> logger) : BackgroundService
{
    private const int AtATime = 200;
    private readonly OutageLog outage = new("Relaying wake-ups, without which jobs wait for the poll,", logger, time, LogLevel.Warning);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var relayed = await RelaySome(stoppingToken);
                outage.Worked();
                if (relayed < AtATime) await Task.Delay(options.RelayPoll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // the broker or the database is away; the rows wait, and the poll finds the jobs meanwhile
            catch (Exception exception)
#pragma warning restore CA1031
            {
                outage.Failed(exception);
                await Task.Delay(options.Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> RelaySome(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IJobQueue>().Relay(AtATime, Publish, cancellationToken);
    }

    private Task Publish(IReadOnlyList<JobFamily> families, CancellationToken cancellationToken) =>
        Task.WhenAll(families.Select(family => signal.Send(family, cancellationToken)));
}
