using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using MediaPlatform.Domain;
using Microsoft.AspNetCore.Http.Metadata;

namespace MediaPlatform.Api.Http;

/// <summary>A JSON request body, read strictly: all of its problems are told at once, each with its field.</summary>
/// <remarks>1 MiB unless the endpoint carries a <see cref="IRequestSizeLimitMetadata"/>.</remarks>
internal sealed class Body<T> : IBound, IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : notnull
{
    private readonly T? value;

    private Body(T? value, IReadOnlyList<Error> errors) => (this.value, Errors) = (value, errors);

    public IReadOnlyList<Error> Errors { get; }

    /// <summary>The body. Handlers of the API group only run when there is one.</summary>
    public T Value => Errors.Count == 0 ? value! : throw new InvalidOperationException("The body was refused; the endpoint stands outside the group of MapApi.");

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (document, refused) = await JsonBody.Read(context);
        if (document is null) return new(default, [refused!]);
        using (document)
        {
            var errors = new List<Error>();
            var shownAs = context.GetEndpoint()?.Metadata.GetMetadata<ShownAsMetadata>();
            var read = BodyReader.Read<T>(document.RootElement, errors, shownAs?.Type, shownAs?.FromPath);
            return new(read, errors);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => JsonBody.Describe(builder, typeof(T));
}

/// <summary>Says for the documentation what the body of an endpoint is.</summary>
/// <param name="IsPatch">Whether it is a merge patch of that: nothing is required of it.</param>
internal sealed record BodyMetadata(Type Type, bool IsPatch = false);

/// <summary>The response type whose fields the endpoint's body may carry and does not take.</summary>
/// <param name="FromPath">One that it would take, and that the path gives here.</param>
internal sealed record ShownAsMetadata(Type Type, string? FromPath = null);

/// <summary>Names a response type whose fields this body ignores where it does not take them, so that what was read can be put back.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class ReadOnlyFieldsAttribute(Type response) : Attribute
{
    public Type Response { get; } = response;
}

/// <summary>Takes the bytes of a JSON body off the wire.</summary>
internal static partial class JsonBody
{
    public const int DefaultLimit = 1 << 20;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Wire.MaxDepth };

    /// <summary>The document, or why there is none.</summary>
    public static async Task<(JsonDocument? Document, Error? Refused)> Read(HttpContext context)
    {
        var request = context.Request;
        if (!IsJson(request.ContentType))
            return (null, new UnsupportedTypeError("UNSUPPORTED_CONTENT_TYPE", $"The body must be application/json in UTF-8, not {request.ContentType ?? "without a content type"}."));

        var (bytes, refused) = await Take(context);
        return bytes is null ? (null, refused) : Parse(bytes);
    }

    /// <summary>All bytes of a body, of whatever type; or why they are not taken.</summary>
    public static async Task<(byte[]? Bytes, Error? Refused)> Take(HttpContext context)
    {
        var request = context.Request;
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? DefaultLimit;
        if (request.ContentLength > limit) return (null, TooLarge(limit));

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return (null, TooLarge(limit));
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            // The document keeps pointing into these bytes, and the pipe takes them back: it needs its own.
            var bytes = new byte[read.Buffer.Length];
            System.Buffers.BuffersExtensions.CopyTo(read.Buffer, bytes);
            reader.AdvanceTo(read.Buffer.End);
            Idempotency.Read(context, bytes);
            return (bytes, null);
        }
    }

    /// <summary>The type, and what can be wrong with a body of it: the codes of this class, of <see cref="BodyReader"/> and of the server.</summary>
    public static void Describe(EndpointBuilder builder, Type? type)
    {
        if (type is not null) builder.Metadata.Add(new BodyMetadata(type));
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status400BadRequest, ["MALFORMED_JSON", "UNKNOWN_FIELD", "DUPLICATE_FIELD", "INVALID_TEXT", "BAD_REQUEST"]));
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status408RequestTimeout, ["REQUEST_TIMEOUT"]));
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status413PayloadTooLarge, ["BODY_TOO_LARGE"]));
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status415UnsupportedMediaType, ["UNSUPPORTED_CONTENT_TYPE"]));
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status422UnprocessableEntity, ["VALIDATION_ERROR"]));
    }

    private static (JsonDocument?, Error?) Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (bytes.IsEmpty) return (null, new MalformedError("MALFORMED_JSON", "The body is empty; a JSON object is expected."));
        try
        {
            return (JsonDocument.Parse(bytes, Options), null);
        }
        catch (JsonException e)
        {
            var what = e.Message.Contains("maximum configured depth", StringComparison.Ordinal)
                ? $"nested deeper than {Wire.MaxDepth} levels"
                : Position().Replace(e.Message, "").TrimEnd('.', ' ');
            return (null, new MalformedError("MALFORMED_JSON", $"The body is not JSON at line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}: {what}."));
        }
    }

    private static TooLargeError TooLarge(long limit) => new("BODY_TOO_LARGE", $"The body has more than the {limit} bytes that are taken here.");

    private static bool IsJson(string? contentType) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(" LineNumber: .*$", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Position();
}
