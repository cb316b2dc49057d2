using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MediaPlatform.Api.Http;
using MediaPlatform.Infrastructure.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Api.Tests.Http;

/// <summary>A real Kestrel app on a free loopback port with the frame and the endpoints of one fixture.</summary>
internal sealed class FrameHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private FrameHost(WebApplication app, LogLines log)
    {
        (this.app, Log) = (app, log);
        // no connection serves twice: one on which too much was sent is closed by the server, in whatever moment
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = new(app.Urls.First()) };
    }

    public HttpClient Http { get; }

    public LogLines Log { get; }

    public static async Task<FrameHost> Start(Action<RouteGroupBuilder>? map = null, Action<IServiceCollection>? services = null, Action<WebApplication>? also = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        var log = new LogLines();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace).AddFilter("Microsoft", LogLevel.Information);
        builder.AddHttpFrame();
        services?.Invoke(builder.Services);

        var built = builder.Build();
        built.Urls.Add("http://127.0.0.1:0");
        built.UseHttpFrame();
        also?.Invoke(built);
        map?.Invoke(built.MapApi());
        built.MapHealth();
        built.MapDocumentation();
        await built.StartAsync();
        return new(built, log);
    }

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Post(string path, string json, string contentType = "application/json") =>
        Post(path, Encoding.UTF8.GetBytes(json), contentType);

    public Task<Answer> Post(string path, byte[] body, string? contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return Send(HttpMethod.Post, path, content);
    }

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        return new(response, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>An answer with its text already read.</summary>
internal sealed record Answer(HttpResponseMessage Response, string Text)
{
    public HttpStatusCode Status => Response.StatusCode;

    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException($"No JSON: {Text}");

    public string? Header(string name) =>
        Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>The errors as <c>code field</c>, for comparing at once.</summary>
    public string[] Errors => [.. Json["errors"]!.AsArray().Select(e => $"{e!["code"]} {e["field"]}".TrimEnd())];

    public string Message(int index = 0) => Json["errors"]![index]!["message"]!.GetValue<string>();

    public void IsProblem(HttpStatusCode status, params string[] errors)
    {
        Assert.That(Status, Is.EqualTo(status), Text);
        Assert.That(Header("Content-Type"), Does.StartWith("application/problem+json"), Text);
        Assert.That(Errors, Is.EqualTo(errors), Text);
        Assert.That(Json["status"]!.GetValue<int>(), Is.EqualTo((int)status), Text);
        Assert.That(Json["request_id"]!.GetValue<string>(), Is.EqualTo(Header("X-Request-Id")), Text);
    }
}

internal sealed record LogLine(LogLevel Level, string Category, string Text, Exception? Exception, IReadOnlyDictionary<string, object?> Values);

/// <summary>Keeps what was logged, with the scope it was logged in.</summary>
internal sealed class LogLines : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> lines = new();
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public IReadOnlyList<LogLine> All => [.. lines];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    /// <summary>The line may come a moment after the answer: it is written when the request has ended.</summary>
    public async Task<LogLine> Find(Func<LogLine, bool> wanted)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            if (lines.FirstOrDefault(wanted) is { } line) return line;
            await Task.Delay(10);
        }

        throw new AssertionException("No such line in:\n" + string.Join('\n', lines.Select(l => $"{l.Level} {l.Category}: {l.Text}")));
    }

    public void Dispose()
    {
    }

    private sealed class Logger(LogLines owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = new Dictionary<string, object?>(StringComparer.Ordinal);
            owner.scopes.ForEachScope((scope, to) => Add(scope, to), values);
            Add(state, values);
            owner.lines.Enqueue(new(logLevel, category, formatter(state, exception), exception, values));
        }

        private static void Add(object? state, Dictionary<string, object?> values)
        {
            foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? []) values[name] = value;
        }
    }
}
