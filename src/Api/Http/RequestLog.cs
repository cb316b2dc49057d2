using System.Diagnostics;

namespace MediaPlatform.Api.Http;

/// <summary>One line for each request after it ended. It names the route's template, never the path or the query: those may carry ids of guests, signatures and keys.</summary>
internal sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    public const string ClientClaim = "client_id";

    private static readonly Func<ILogger, string, IDisposable?> Scope = LoggerMessage.DefineScope<string>("{RequestId}");

    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        using var scope = Scope(log, context.TraceIdentifier);
        await next(context);

        var status = context.Response.StatusCode;
        var level = status < 400 && IsRead(context.Request.Method) ? LogLevel.Debug : LogLevel.Information;
        if (!log.IsEnabled(level)) return;
        log.Log(
            level,
            "{Method} {Route} answered {Status} in {ElapsedMs:0.0} ms with {Bytes} bytes; request {RequestId}, client {ClientId}",
            context.Request.Method, Route(context), status, Stopwatch.GetElapsedTime(started).TotalMilliseconds,
            context.Response.ContentLength, context.TraceIdentifier, context.User.FindFirst(ClientClaim)?.Value);
    }

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static string Route(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
}
