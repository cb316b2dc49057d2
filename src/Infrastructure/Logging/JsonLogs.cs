using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Formatting.Json;

namespace MediaPlatform.Infrastructure.Logging;

/// <summary>One JSON object a line on standard output, written by a thread of its own. Levels come from the section <c>Serilog</c>.</summary>
public static class JsonLogs
{
    public static ILoggingBuilder AddJsonLogs(this ILoggingBuilder logging, IConfiguration configuration)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", Serilog.Events.LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", Serilog.Events.LogEventLevel.Information)
            .MinimumLevel.Override("MassTransit", Serilog.Events.LogEventLevel.Warning)
            .MinimumLevel.Override("Npgsql", Serilog.Events.LogEventLevel.Warning)
            .ReadFrom.Configuration(configuration)
            .Enrich.FromLogContext()
            .WriteTo.Async(sink => sink.Console(new JsonFormatter(closingDelimiter: null, renderMessage: true)), blockWhenFull: true)
            .CreateLogger();
        logging.ClearProviders();
        logging.Services.AddSingleton<ILoggerFactory>(new Serilog.Extensions.Logging.SerilogLoggerFactory(logger, dispose: true));
        return logging;
    }
}
