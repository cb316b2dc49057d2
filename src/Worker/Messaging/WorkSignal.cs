using MassTransit;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Worker.Jobs;

namespace MediaPlatform.Worker.Messaging;

/// <summary>Tells some worker that a family has work.</summary>
internal interface IWorkSignal
{
    /// <summary>Returns when the signal is safe with whoever carries it.</summary>
    Task Send(JobFamily family, CancellationToken cancellationToken);
}

/// <summary>The message. It names no job: the database says which is next.</summary>
public sealed record WorkAvailable(string Family);

/// <summary>Through RabbitMQ: to the family's queue, with a publisher confirm.</summary>
internal sealed class BrokerSignal(IBus bus, BrokerOptions options) : IWorkSignal
{
    public async Task Send(JobFamily family, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.ConfirmTimeout); // without it a send waits for ever while the broker is away
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{Queues.NameOf(options, family)}")).WaitAsync(deadline.Token);
        await endpoint.Send(new WorkAvailable(Names.Of(family)), deadline.Token);
    }
}

/// <summary>Without a broker: straight to this process's own slots.</summary>
internal sealed class LocalSignal(JobPump pump) : IWorkSignal
{
    public Task Send(JobFamily family, CancellationToken cancellationToken) => pump.Wake(family, TimeSpan.Zero, cancellationToken);
}

internal static class Queues
{
    public static string NameOf(BrokerOptions options, JobFamily family) => $"{options.QueuePrefix}.{Names.Of(family)}";
}

/// <summary>Hands a wake-up to a slot; the message stays unacknowledged, and so counts against the prefetch, until one takes notice.</summary>
internal sealed class WorkAvailableConsumer(JobPump pump) : IConsumer<WorkAvailable>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public Task Consume(ConsumeContext<WorkAvailable> context) => Names.Parse<JobFamily>(context.Message.Family) is { } family
        ? pump.Wake(family, Patience, context.CancellationToken)
        : Task.CompletedTask; // a family of a newer version; its own workers poll
}
