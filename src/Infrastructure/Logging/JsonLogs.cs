using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace MediaPlatform.Infrastructure.Logging;

/// <summary>One JSON object a line on standard output, written by a thread of its own. Levels come from the section <c>Serilog</c>.</summary>
public static class JsonLogs
{
    public static ILoggingBuilder AddJsonLogs(this ILoggingBuilder logging, IConfiguration configuration)
    {
        var logger = Rules(configuration)
            .WriteTo.Async(sink => sink.Console(new JsonFormatter(closingDelimiter: null, renderMessage: true)), blockWhenFull: true)
            .CreateLogger();
        logging.ClearProviders();
        logging.Services.AddSingleton<ILoggerFactory>(new Serilog.Extensions.Logging.SerilogLoggerFactory(logger, dispose: true));
        return logging;
    }

    /// <summary>What is written, and what is left out of it; not where to.</summary>
    internal static LoggerConfiguration Rules(IConfiguration configuration) => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
        .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
        .MinimumLevel.Override("MediaPlatform.Api.Access.Door", LogEventLevel.Warning) // ASP.NET's lines on each 401, beside the request's own
        .MinimumLevel.Override("MassTransit", LogEventLevel.Warning)
        .MinimumLevel.Override("Npgsql", LogEventLevel.Warning)
        .ReadFrom.Configuration(configuration)
        .Enrich.FromLogContext()
        .Enrich.With<WithoutPath>();

    /// <summary>ASP.NET's scope of a request adds its path, and the path of a shared link is its secret; the route's template is in the sentence.</summary>
    private sealed class WithoutPath : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => logEvent.RemovePropertyIfPresent("RequestPath");
    }
}
