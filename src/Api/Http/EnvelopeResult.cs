using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MediaPlatform.Api.Http;

/// <summary>Writes <c>{ data, metadata, errors }</c>: the data is serialised once, hashed where it lies, and the envelope closed behind it.</summary>
internal sealed class EnvelopeResult<T>(T data) : IResult, IStatusCodeHttpResult
{
    public int Status { get; init; } = StatusCodes.Status200OK;
    public long? Version { get; init; }
    public string? Location { get; init; }
    public PageInfo? PageInfo { get; init; }
    public object? Facets { get; init; }
    public bool IsSecret { get; init; }
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    int? IStatusCodeHttpResult.StatusCode => Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = PooledBytes.Rent();
        bytes.Write("{\"data\":"u8);
        var start = bytes.Length;
        WriteData(bytes, FieldSelection.Of(httpContext));

        var response = httpContext.Response;
        if (Version is { } version)
        {
            var tag = EntityTags.Of(version, bytes.Span[start..]);
            response.Headers.ETag = tag;
            if (Status == StatusCodes.Status200OK && Repeats(httpContext.Request, tag))
            {
                bytes.Dispose();
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }

        WriteMetadata(bytes, httpContext);
        response.StatusCode = Status;
        response.ContentType = Wire.ContentType;
        response.ContentLength = bytes.Length;
        if (Location is not null) response.Headers.Location = Location;
        if (IsSecret) response.Headers.CacheControl = "no-store";
        return Send(bytes, httpContext);
    }

    private static async Task Send(PooledBytes bytes, HttpContext context)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.BodyWriter.Write(bytes.Span); // copied into the connection's own buffer, so ours is free before anything waits
        }

        bytes.Dispose();
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static bool Repeats(HttpRequest request, string tag) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && EntityTags.Matches(request.Headers.IfNoneMatch, tag);

    private void WriteData(PooledBytes bytes, FieldSelection? selection)
    {
        var json = bytes.Json();
        if (selection is null) JsonSerializer.Serialize(json, data, Wire.Json);
        else selection.Write(json, JsonSerializer.SerializeToElement(data, Wire.Json));
        json.Flush();
    }

    private void WriteMetadata(PooledBytes bytes, HttpContext context)
    {
        bytes.Write(",\"metadata\":{\"schema_version\":\"1.0\",\"timestamp\":\""u8);
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        now.TryFormat(bytes.GetSpan(40), out var written, "O", provider: null);
        bytes.Advance(written);
        bytes.Write("\",\"request_id\":\""u8);
        bytes.Advance(Encoding.ASCII.GetBytes(context.TraceIdentifier, bytes.GetSpan(context.TraceIdentifier.Length)));
        bytes.Write("\""u8);
        if (PageInfo is not null) Member(bytes, ",\"page\":"u8, PageInfo);
        if (Facets is not null) Member(bytes, ",\"facets\":"u8, Facets);
        if (Warnings.Count > 0) Member(bytes, ",\"warnings\":"u8, Warnings);
        bytes.Write("},\"errors\":[]}"u8);
    }

    private static void Member<TValue>(PooledBytes bytes, ReadOnlySpan<byte> name, TValue value)
    {
        bytes.Write(name);
        var json = bytes.Json();
        JsonSerializer.Serialize(json, value, Wire.Json);
        json.Flush();
    }
}
