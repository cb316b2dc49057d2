using System.Text.Json;
using MediaPlatform.Domain;
using Microsoft.AspNetCore.WebUtilities;

namespace MediaPlatform.Api.Http;

/// <summary>The unsuccessful answers: RFC 9457 with the list of errors.</summary>
internal static class Problem
{
    /// <summary>How long a caller should wait for a dependency to come back.</summary>
    public const int RetryAfterSeconds = 5;

    /// <summary>How long a caller should wait who has too much under way.</summary>
    public const int TooManyRetryAfterSeconds = 60;

    /// <summary>The answer to a failed use case. Where kinds are mixed, what could not be read decides.</summary>
    public static IResult From(IReadOnlyList<Error> errors)
    {
        var status = StatusOf(errors.Min(e => e.Kind));
        return new ProblemResult(status, [.. errors.Select(e => new ProblemError(e.Code, e.Message, e.Field))], RetryAfter(status)) { Location = errors.OfType<MovedError>().FirstOrDefault()?.To };
    }

    /// <summary>A problem that no domain error stands for, such as 401 or 429.</summary>
    public static ProblemResult Of(int status, string code, string message, string? field = null, int? retryAfter = null) =>
        new ProblemResult(status, [new(code, message, field)], retryAfter ?? RetryAfter(status));

    private static int? RetryAfter(int status) => status switch
    {
        StatusCodes.Status503ServiceUnavailable => RetryAfterSeconds,
        StatusCodes.Status429TooManyRequests => TooManyRetryAfterSeconds,
        _ => null,
    };

    /// <summary>The one place where kinds become status codes.</summary>
    public static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Malformed => StatusCodes.Status400BadRequest,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Gone => StatusCodes.Status410Gone,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Stale => StatusCodes.Status412PreconditionFailed,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.UnsupportedType => StatusCodes.Status415UnsupportedMediaType,
        ErrorKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.Locked => StatusCodes.Status423Locked,
        ErrorKind.TooMany => StatusCodes.Status429TooManyRequests,
        ErrorKind.Moved => StatusCodes.Status307TemporaryRedirect,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind of error without a status code."),
    };
}

/// <summary>One entry of a problem's <c>errors</c>.</summary>
internal sealed record ProblemError(string Code, string Message, string? Field);

/// <summary>The body of a problem, as documented and as written.</summary>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string Instance, string RequestId, IReadOnlyList<ProblemError> Errors);

internal sealed class ProblemResult(int status, IReadOnlyList<ProblemError> errors, int? retryAfter) : IResult, IStatusCodeHttpResult
{
    public int Status => status;

    public IReadOnlyList<ProblemError> Errors => errors;

    /// <summary>Where it is instead, below the version.</summary>
    public string? Location { get; init; }

    /// <summary>The same, with the place in the request that it is about.</summary>
    public ProblemResult At(string field) => new(status, [.. errors.Select(error => error with { Field = error.Field ?? field })], retryAfter);

    int? IStatusCodeHttpResult.StatusCode => status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var body = new ProblemBody(
            "about:blank", TitleOf(status), status,
            errors.Count == 1 ? errors[0].Message : $"{errors.Count} problems; see errors.",
            request.PathBase + request.Path, httpContext.TraceIdentifier, errors);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Wire.Json);

        response.StatusCode = status;
        response.ContentType = Wire.ProblemContentType;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        if (Location is not null) response.Headers.Location = $"{request.PathBase}{ApiGroup.Prefix}{Location}{request.QueryString}";
        if (retryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString();
        if (!HttpMethods.IsHead(request.Method)) await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }

    private static string TitleOf(int status) => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error";
}
