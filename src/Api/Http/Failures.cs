using System.Text.RegularExpressions;
using MediaPlatform.Application.Pipeline;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;
using Npgsql;

namespace MediaPlatform.Api.Http;

/// <summary>Every failure that is neither a use case's own nor the door's gets its answer here: exceptions, and the bare status codes of the framework.</summary>
internal sealed partial class Failures(RequestDelegate next, ILogger<Failures> log)
{
    /// <summary>What any endpoint may answer with that reaches the database: each does, for the key alone already.</summary>
    public static readonly IReadOnlyList<ProblemsMetadata> OfDatabase =
    [
        new(StatusCodes.Status400BadRequest, ["INVALID_TEXT"]),
        new(StatusCodes.Status422UnprocessableEntity, ["QUERY_TOO_EXPENSIVE"]),
        new(StatusCodes.Status503ServiceUnavailable, ["DATABASE_BUSY", "DATABASE_UNAVAILABLE"]),
    ];

    /// <summary>Where in a request it went wrong, among the data of an exception, from whoever does several things in one.</summary>
    public const string Place = "Place";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null }) await OfStatus(context.Response.StatusCode).ExecuteAsync(context);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException or BadHttpRequestException)
        {
            log.LogDebug(e, "The caller went away");
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
#pragma warning disable CA1031 // the last place that can turn a failure into an answer
        catch (Exception e)
#pragma warning restore CA1031
        {
            await Answer(context, e);
        }
    }

    private async Task Answer(HttpContext context, Exception exception)
    {
        var (level, answer) = Of(context, exception);
        if (exception.Data[Place] is string place)
        {
            if (answer.Status < StatusCodes.Status500InternalServerError) answer = answer.At(place); // what is ours to mend says no more than its code
            log.LogWarning("It was {Place} that failed", place);
        }

        log.Log(level, exception, "{Method} {Route} failed", context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
        if (context.Response.HasStarted)
        {
            context.Abort(); // half an answer must not look like a whole one
            return;
        }

        var kept = HeadersOfAll(context.Response.Headers);
        context.Response.Clear();
        RequestIds.Stamp(context);
        foreach (var (name, value) in kept) context.Response.Headers[name] = value;
        await answer.ExecuteAsync(context);
    }

    /// <summary>What stands in an answer whatever becomes of it.</summary>
    private static KeyValuePair<string, StringValues>[] HeadersOfAll(IHeaderDictionary headers) =>
        [.. headers.Where(header => header.Key.StartsWith("RateLimit-", StringComparison.OrdinalIgnoreCase) || header.Key is "Strict-Transport-Security" or "Vary")];

    /// <summary>The outcome of one operation of a batch, logged as a request's failure is.</summary>
    public static (int Status, ProblemError Error) InBatch(HttpContext context, Exception exception, int index)
    {
        var (level, answer) = Of(context, exception);
        context.RequestServices.GetRequiredService<ILogger<Failures>>().Log(level, exception, "Operation {Index} of {Method} {Route} failed", index, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
        return (answer.Status, answer.Errors[0]);
    }

    private static (LogLevel Level, ProblemResult Answer) Of(HttpContext context, Exception exception) => exception switch
    {
        KeyLostException => (LogLevel.Warning, Idempotency.InUse()),
        BadHttpRequestException bad => (LogLevel.Debug, OfBadRequest(context, bad)),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => (LogLevel.Warning, Problem.Of(
            StatusCodes.Status422UnprocessableEntity, "QUERY_TOO_EXPENSIVE", "This query takes too long; narrow it with more or other conditions.")),
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable } =>
            (LogLevel.Warning, Problem.Of(StatusCodes.Status503ServiceUnavailable, "DATABASE_BUSY", "Others are writing the same rows; try again.", retryAfter: 1)),
        // The last gate: what no reader of text or numbers has noticed, no row takes.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } => (LogLevel.Warning, Problem.Of(
            StatusCodes.Status400BadRequest, "INVALID_TEXT", "The request contains the character U+0000, which cannot be stored.")),
        PostgresException { SqlState: PostgresErrorCodes.NumericValueOutOfRange } => (LogLevel.Warning, Problem.Of(
            StatusCodes.Status400BadRequest, "INVALID_NUMBER", "The request contains a number that is too large to be stored.")),
        NpgsqlException database when IsOutage(database) => (LogLevel.Warning, Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "DATABASE_UNAVAILABLE", "The database does not answer; try again in a moment.")),
        _ => (LogLevel.Error, Problem.Of(StatusCodes.Status500InternalServerError, "INTERNAL_ERROR", "Something went wrong here. The request id finds it in the log.")),
    };

    private static bool IsOutage(NpgsqlException e) =>
        e.IsTransient
        || e.InnerException is System.Net.Sockets.SocketException or IOException or TimeoutException
        || e is PostgresException { SqlState: ['5', '7', 'P', '0', _] or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.InvalidCatalogName };

    private static ProblemResult OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Problem.Of(status, "ROUTE_NOT_FOUND", "There is nothing at this path; an id is a UUID."),
        StatusCodes.Status405MethodNotAllowed => Problem.Of(status, "METHOD_NOT_ALLOWED", "This path does not take this method; Allow says which it takes."),
        StatusCodes.Status408RequestTimeout => Problem.Of(status, "REQUEST_TIMEOUT", "The request took too long to arrive."),
        StatusCodes.Status413PayloadTooLarge => Problem.Of(status, "BODY_TOO_LARGE", "The body has more bytes than are taken here."),
        StatusCodes.Status415UnsupportedMediaType => Problem.Of(status, "UNSUPPORTED_CONTENT_TYPE", "This type of content is not taken here."),
        StatusCodes.Status416RangeNotSatisfiable => Problem.Of(status, "RANGE_NOT_SATISFIABLE", "The range lies outside the content."),
        >= 500 => Problem.Of(status, "INTERNAL_ERROR", "Something went wrong here. The request id finds it in the log."),
        _ => Problem.Of(status, "BAD_REQUEST", "The request cannot be answered as it is."),
    };

    /// <summary>What the server and the binding of simple parameters refuse, with a code and the parameter's own name.</summary>
    private static ProblemResult OfBadRequest(HttpContext context, BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => Problem.Of(exception.StatusCode, "BODY_TOO_LARGE", "The body has more bytes than are taken here."),
        StatusCodes.Status408RequestTimeout => Problem.Of(exception.StatusCode, "REQUEST_TIMEOUT", "The body came too slowly."),
        StatusCodes.Status415UnsupportedMediaType => Problem.Of(exception.StatusCode, "UNSUPPORTED_CONTENT_TYPE", "This type of content is not taken here."),
        _ when Parameter(exception.Message, NotBound()) is { } name => Malformed(context, name, "INVALID_PARAMETER"),
        _ when Parameter(exception.Message, NotGiven()) is { } name => Malformed(context, name, "MISSING_PARAMETER"),
        _ => Problem.Of(StatusCodes.Status400BadRequest, "BAD_REQUEST", "The request cannot be read."),
    };

    private static ProblemResult Malformed(HttpContext context, string name, string code)
    {
        var binding = context.GetEndpoint()?.Metadata.OfType<IParameterBindingMetadata>().FirstOrDefault(p => p.ParameterInfo.Name == name);
        var wire = binding is null ? name : QueryNames.NameOf(binding);
        var type = binding?.ParameterInfo.ParameterType;
        var expected = type is null ? "of another form" : Expected.Of(Nullable.GetUnderlyingType(type) ?? type);
        return Problem.Of(StatusCodes.Status400BadRequest, code, code == "MISSING_PARAMETER" ? $"{wire} is required: {expected}." : $"{wire} must be {expected}.", wire);
    }

    private static string? Parameter(string message, Regex pattern) => pattern.Match(message) is { Success: true } match ? match.Groups["name"].Value : null;

    // The framework tells which parameter only in its message, so a test holds its wording.
    [GeneratedRegex("^Failed to bind parameter \"\\S+ (?<name>\\w+)\" from", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NotBound();

    [GeneratedRegex("^Required parameter \"\\S+ (?<name>\\w+)\" was not provided", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NotGiven();
}
