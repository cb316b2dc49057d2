using MediaPlatform.Infrastructure.Logging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;

namespace MediaPlatform.Infrastructure.Tests.Logging;

internal sealed class WritingLogsTests
{
    private const string Secret = "s3cret-of-a-shared-link";

    [Test]
    public void The_path_of_a_request_is_in_no_line_since_that_of_a_shared_link_is_its_secret()
    {
        var lines = new Lines();
        using (var factory = new SerilogLoggerFactory(JsonLogs.Rules(new ConfigurationBuilder().Build()).WriteTo.Sink(lines).CreateLogger(), dispose: true))
        {
            // as ASP.NET begins the scope of a request
            var scope = new Dictionary<string, object>(StringComparer.Ordinal) { ["RequestId"] = "0HN:1", ["RequestPath"] = $"/api/v1/shared/{Secret}" };
            var log = factory.CreateLogger("MediaPlatform.Api.Http.RequestLog");
            using (log.BeginScope(scope)) log.LogInformation("{Method} {Route} answered {Status}", "GET", "/api/v1/shared/{token}", 404);
        }

        Assert.That(lines.Text, Does.Contain("0HN:1").And.Contain("/api/v1/shared/{token}").And.Not.Contain(Secret));
    }

    [Test]
    public void What_a_framework_says_of_each_refused_key_is_left_to_the_line_of_the_request()
    {
        var lines = new Lines();
        using (var factory = new SerilogLoggerFactory(JsonLogs.Rules(new ConfigurationBuilder().Build(), "Door").WriteTo.Sink(lines).CreateLogger(), dispose: true))
        {
            factory.CreateLogger("Door").LogInformation("Door was challenged");
            factory.CreateLogger("Door").LogWarning("The issuer does not answer");
        }

        Assert.That(lines.Text, Does.Contain("does not answer").And.Not.Contain("challenged"));
    }

    private sealed class Lines : ILogEventSink
    {
        private readonly StringWriter text = new();
        private readonly JsonFormatter formatter = new(renderMessage: true);

        public string Text => text.ToString();

        public void Emit(LogEvent logEvent) => formatter.Format(logEvent, text);
    }
}
