using MediaPlatform.Application;
using MediaPlatform.Infrastructure;
using MediaPlatform.Infrastructure.Health;
using MediaPlatform.Infrastructure.Imaging;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Infrastructure.Telemetry;
using MediaPlatform.Worker.Jobs;
using MediaPlatform.Worker.Messaging;

namespace MediaPlatform.Worker;

/// <summary>The worker: jobs, the relay, the clockwork, two health pages and the figures.</summary>
public static class WorkerHost
{
    /// <summary>Runs until the process is asked to stop.</summary>
    public static async Task<int> Run(CancellationToken cancellationToken)
    {
        await using var app = Build([], settings: null);
        await app.RunAsync(cancellationToken);
        return 0;
    }

    /// <summary>The host, not started.</summary>
    /// <param name="settings">Beside the environment and the arguments, and before them all.</param>
    /// <param name="configure">What a host of several adds or replaces.</param>
    public static WebApplication Build(string[] args, IEnumerable<KeyValuePair<string, string?>>? settings, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = PlatformHost.Create(args, settings);
        builder.AddTelemetry("mediaplatform-worker");

        var services = builder.Services;
        services.AddPostgres("mediaplatform-worker").AddMediaStorage().AddUrlFetching().AddStockProviders().AddMediaTools().AddJobHandlers();
        services.AddSettings<WorkerOptions>("Worker");
        services.AddSettings<BrokerOptions>("Broker");
        services.AddSingleton<Readiness>();

        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobPump>();
        services.AddHostedService<Preparation>();
        services.AddHostedService(provider => provider.GetRequiredService<JobPump>());
        services.AddHostedService<JobRelay>();
        services.AddHostedService<Scheduler>();
        services.AddWorkSignals(
            builder.Configuration.GetSection("Broker").Get<BrokerOptions>() ?? new(), builder.Configuration.GetSection("Worker").Get<WorkerOptions>() ?? new());
        services.AddOptions<HostOptions>().Configure<WorkerOptions>((host, worker) => host.ShutdownTimeout = worker.StopGrace + TimeSpan.FromSeconds(12));
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseRouting();
        app.MapHealth();
        app.MapMetrics();
        return app;
    }
}

/// <summary>A machine that cannot decode says so when the worker starts, rather than at the first picture; and what killed workers left is cleared.</summary>
internal sealed class Preparation(ImageDecoderPool decoders, ScratchSpace scratch) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        scratch.Prepare();
        scratch.RemoveLeftovers(TimeSpan.FromDays(1));
        await decoders.Check(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
