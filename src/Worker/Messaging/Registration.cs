using MassTransit;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Infrastructure.Health;
using MediaPlatform.Worker.Jobs;

namespace MediaPlatform.Worker.Messaging;

internal static class Registration
{
    /// <summary>A quorum queue for each family, or no broker at all.</summary>
    public static IServiceCollection AddWorkSignals(this IServiceCollection services, BrokerOptions broker, WorkerOptions worker)
    {
        if (!broker.Enabled) return services.AddSingleton<IWorkSignal, LocalSignal>();

        services.AddSingleton<IWorkSignal, BrokerSignal>();
        services.AddSingleton<IReadinessCheck, BrokerReadiness>();
        return services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<WorkAvailableConsumer>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.UseInstrumentation(); // figures; nothing is counted where nobody listens
                rabbit.Host(broker.Host, (ushort)broker.Port, broker.VirtualHost, host =>
                {
                    host.Username(broker.Username);
                    host.Password(broker.Password);
                    if (broker.UseTls) host.UseSsl(ssl => ssl.ServerName = broker.Host);
                });
                foreach (var family in Enum.GetValues<JobFamily>().Where(family => worker.SlotsOf(family) > 0))
                {
                    rabbit.ReceiveEndpoint(Queues.NameOf(broker, family), endpoint =>
                    {
                        endpoint.SetQuorumQueue();
                        endpoint.PrefetchCount = worker.SlotsOf(family) * 2;
                        endpoint.ConcurrentMessageLimit = worker.SlotsOf(family) * 2;
                        endpoint.ConfigureConsumeTopology = false; // messages are sent to the queue, not published by type
                        endpoint.ConfigureConsumer<WorkAvailableConsumer>(context);
                    });
                }
            });
        });
    }
}

internal sealed class BrokerReadiness(IBusControl bus) : IReadinessCheck
{
    public string Name => "broker";

    /// <summary>Jobs are found by the poll while it is away.</summary>
    public bool Required => false;

    public Task<string?> Check(CancellationToken cancellationToken) =>
        Task.FromResult(bus.CheckHealth().Status is BusHealthStatus.Healthy ? null : "RabbitMQ does not answer; jobs start by the poll alone.");
}
