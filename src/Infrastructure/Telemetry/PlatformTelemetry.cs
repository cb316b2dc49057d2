using System.Diagnostics;
using System.Diagnostics.Metrics;
using MediaPlatform.Infrastructure.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MediaPlatform.Infrastructure.Telemetry;

/// <summary>Figures for <c>/metrics</c>, and traces for a collector where one is named. Without either nothing listens, and nothing is measured.</summary>
public static class PlatformTelemetry
{
    private const string Name = "MediaPlatform";
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string CollectorOfTraces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    /// <summary>Series of one instrument; some 400 operations answer with a few codes each.</summary>
    private const int MaxSeriesOfRequests = 5_000;

    /// <summary>Seconds. Of a job the longest is a film, of a request the longest an upload.</summary>
    internal static readonly double[] Durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly string[] Meters = [Name, "Microsoft.AspNetCore.Hosting", "System.Runtime", "Npgsql", "MassTransit"];
    private static readonly string[] Sources = [Name, "Npgsql", "MassTransit", "System.Net.Http"];

    /// <summary>The platform's own instruments.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>The platform's own spans.</summary>
    public static ActivitySource Spans { get; } = new(Name);

    /// <param name="service">What the process is to a collector, unless <c>OTEL_SERVICE_NAME</c> says otherwise.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        var services = builder.Services;
        services.AddSettings<MetricsOptions>("Metrics");
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Scraper>();
        services.AddSingleton<QueueFigures>();

        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(service).AddEnvironmentVariableDetector());
        if ((builder.Configuration.GetSection("Metrics").Get<MetricsOptions>() ?? new()).Enabled) telemetry.WithMetrics(Measure);
        if (HasCollector(builder.Configuration)) telemetry.WithTracing(Trace);
    }

    private static void Measure(MeterProviderBuilder metrics) => metrics
        .AddMeter(Meters)
        .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration
        {
            TagKeys = ["http.request.method", "http.route", "http.response.status_code"], Boundaries = Durations, CardinalityLimit = MaxSeriesOfRequests,
        })
        .AddView("http.server.active_requests", new MetricStreamConfiguration { TagKeys = ["http.request.method"] })
        .AddReader(provider => new BaseExportingMetricReader(provider.GetRequiredService<Scraper>()));

    private static void Trace(TracerProviderBuilder traces) => traces
        .AddSource(Sources)
        .AddAspNetCoreInstrumentation(http =>
        {
            http.Filter = static context => !IsWatching(context.Request.Path);
            http.EnrichWithHttpResponse = static (span, response) => span.SetTag(SpanNames.RequestId, response.HttpContext.TraceIdentifier);
        })
        .AddProcessor(new Discretion()) // before the exporter
        .AddOtlpExporter();

    /// <summary>Those who look whether all is well ask every few seconds.</summary>
    private static bool IsWatching(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments(MetricsEndpoint.Path, StringComparison.Ordinal);

    private static bool HasCollector(ConfigurationManager configuration)
    {
        var given = new[] { Collector, CollectorOfTraces }.Where(name => !string.IsNullOrEmpty(configuration[name])).ToList();
        var wrong = given.Where(name => !Uri.TryCreate(configuration[name], UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            .Select(name => $"{name} must be an address such as http://127.0.0.1:4317, not '{configuration[name]}'.").ToList();
        return wrong.Count == 0 ? given.Count > 0 : throw new OptionsValidationException(Collector, typeof(OtlpExporterOptions), wrong);
    }
}

/// <summary>What spans of the platform's own say, beside the conventions of OpenTelemetry.</summary>
public static class SpanNames
{
    /// <summary>The <c>X-Request-Id</c>: a request, its lines in the log, and the jobs that it queued have the same.</summary>
    public const string RequestId = "mediaplatform.request_id";

    public const string JobId = "mediaplatform.job.id";
    public const string JobType = "mediaplatform.job.type";
    public const string JobAttempt = "mediaplatform.job.attempt";
    public const string JobOutcome = "mediaplatform.job.outcome";
}
