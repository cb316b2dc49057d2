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
    /// <param name="quiet">Sources of which only warnings are written.</param>
    public static ILoggingBuilder AddJsonLogs(this ILoggingBuilder logging, IConfiguration configuration, params string[] quiet)
    {
        var logger = Rules(configuration, quiet)
            .WriteTo.Async(sink => sink.Console(new JsonFormatter(closingDelimiter: null, renderMessage: true)), blockWhenFull: true)
            .CreateLogger();
        logging.ClearProviders();
        logging.Services.AddSingleton<ILoggerFactory>(new Serilog.Extensions.Logging.SerilogLoggerFactory(logger, dispose: true));
        return logging;
    }

    /// <summary>What is written, and what is left out of it; not where to.</summary>
    internal static LoggerConfiguration Rules(IConfiguration configuration, params string[] quiet)
    {
        var rules = new LoggerConfiguration().MinimumLevel.Information();
        foreach (var source in (string[])["Microsoft.AspNetCore", "MassTransit", "Npgsql", .. quiet]) rules.MinimumLevel.Override(source, LogEventLevel.Warning);
        return rules
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .ReadFrom.Configuration(configuration)
            .Enrich.FromLogContext()
            .Enrich.With<WithoutPath>();
    }

    /// <summary>ASP.NET's scope of a request adds its path, and the path of a shared link is its secret; the route's template is in the sentence.</summary>
    private sealed class WithoutPath : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => logEvent.RemovePropertyIfPresent("RequestPath");
    }
}
