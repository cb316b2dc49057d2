using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Worker.Messaging;

/// <summary>RabbitMQ, which carries wake-ups to workers. Section <c>Broker</c>.</summary>
public sealed record BrokerOptions
{
    /// <summary>False runs without a broker: one process at a time is woken by its own relay, others by the poll alone.</summary>
    public bool Enabled { get; init; } = true;

    [Required]
    public string Host { get; init; } = "127.0.0.1";

    [Range(1, 65_535)]
    public int Port { get; init; } = 5672;

    [Required]
    public string Username { get; init; } = "guest";

    public string Password { get; init; } = "guest";

    /// <summary>Speaks TLS to the broker, whose certificate must be for <see cref="Host"/>.</summary>
    public bool UseTls { get; init; }

    [Required]
    public string VirtualHost { get; init; } = "/";

    /// <summary>What queue names begin with.</summary>
    [Required]
    public string QueuePrefix { get; init; } = "mediaplatform";

    /// <summary>How long the relay waits for the broker to confirm; then the outbox keeps its rows.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
