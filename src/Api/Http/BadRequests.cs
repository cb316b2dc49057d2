using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;

namespace MediaPlatform.Api.Http;

/// <summary>What the server and the binding of simple parameters refuse, with a code and the parameter's own name.</summary>
internal static partial class BadRequests
{
    public static ProblemResult Of(HttpContext context, BadHttpRequestException exception) => exception.StatusCode switch
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
