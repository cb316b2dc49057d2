using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MediaPlatform.Tests.Support;

/// <summary>A client's key, and what it is used for in nearly every test. Anonymous objects are bodies, in C# spelling.</summary>
public sealed class Tenant(Platform platform, Guid clientId, string key)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 400 }) { Timeout = TimeSpan.FromSeconds(100) };
    private static readonly JsonSerializerOptions SnakeCase = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public Guid ClientId => clientId;

    public string Key => key;

    /// <summary>What it shows instead of a key.</summary>
    private string? Token { get; init; }

    /// <summary>The client that it means, where it is in several.</summary>
    private Guid? Picked { get; init; }

    /// <summary>A person who signs in by a token.</summary>
    /// <param name="picked">The client that is meant, where the person is in several.</param>
    public static Tenant By(Platform platform, string token, Guid? picked = null) => new(platform, picked ?? Guid.Empty, "") { Token = token, Picked = picked };

    public Task<Reply> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, content: null, headers);

    public Task<Reply> Delete(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Delete, path, content: null, headers);

    public Task<Reply> Post(string path, object? body = null, params (string Name, string Value)[] headers) => Send(HttpMethod.Post, path, Json(body), headers);

    public Task<Reply> Put(string path, object body, params (string Name, string Value)[] headers) => Send(HttpMethod.Put, path, Json(body), headers);

    public Task<Reply> Patch(string path, object body, params (string Name, string Value)[] headers) => Send(HttpMethod.Patch, path, Json(body), headers);

    /// <summary>Uploads a file by the form; <paramref name="waitSeconds"/> waits for its variants.</summary>
    public Task<Reply> Upload(byte[] bytes, string fileName = "file.jpg", string? mimeType = null, int waitSeconds = 0, params (string Name, string Value)[] fields)
    {
        var file = new ByteArrayContent(bytes);
        if (mimeType is not null) file.Headers.ContentType = MediaTypeHeaderValue.Parse(mimeType);
        var form = new MultipartFormDataContent { { file, "file", fileName } };
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        return Send(HttpMethod.Post, "/media/upload", form, waitSeconds > 0 ? [("Prefer", $"wait={waitSeconds}")] : []);
    }

    /// <summary>The paths of the OpenAPI document.</summary>
    public async Task<string[]> DocumentedPaths() => [.. (await Get("/swagger/v1/swagger.json")).Json["paths"]!.AsObject().Select(path => path.Key)];

    /// <summary>Asks at a path under /api/v1; one that begins with /api or /swagger is taken as it is.</summary>
    public async Task<Reply> Send(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(platform.Address, path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/swagger/", StringComparison.Ordinal) ? path : "/api/v1" + path)) { Content = content };
        if (key.Length > 0) request.Headers.Add("X-Api-Key", key);
        if (Token is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Token);
        if (Picked is { } client) request.Headers.Add("X-Client-Id", client.ToString());
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        var reply = new Reply(response, await response.Content.ReadAsByteArrayAsync());
        await Documented.Check(platform, request, reply);
        return reply;
    }

    private static JsonContent? Json(object? body) => body is null ? null : JsonContent.Create(body, body.GetType(), options: SnakeCase);
}

/// <summary>An answer, read whole.</summary>
public sealed class Reply(HttpResponseMessage response, byte[] bytes)
{
    public HttpStatusCode Status => response.StatusCode;

    public HttpResponseHeaders Headers => response.Headers;

    public HttpContentHeaders ContentHeaders => response.Content.Headers;

    public byte[] Bytes => bytes;

    public string Text => System.Text.Encoding.UTF8.GetString(bytes);

    public JsonNode Json => JsonNode.Parse(bytes) ?? throw new AssertionException($"No JSON: {Text}");

    /// <summary>The <c>data</c> of a success; anything else fails the test with the whole answer.</summary>
    public JsonNode Data => (int)Status is >= 200 and < 300 && Json["data"] is { } data ? data : throw new AssertionException($"{(int)Status}: {Text}");

    /// <summary>The ETag, as it goes into If-Match.</summary>
    public string Tag => Headers.ETag?.ToString() ?? throw new AssertionException($"No ETag: {Text}");

    public Guid Id => Data["id"]!.GetValue<Guid>();

    /// <summary>The codes of a problem, in order.</summary>
    public string[] Codes => [.. Json["errors"]!.AsArray().Select(error => error!["code"]!.GetValue<string>())];

    /// <summary>Fails with the whole answer unless it has this status.</summary>
    public Reply Expect(HttpStatusCode status)
    {
        Assert.That(Status, Is.EqualTo(status), Text);
        return this;
    }

    /// <summary>Fails with the whole answer unless it is a problem with this status and, among others, this code.</summary>
    public Reply ExpectProblem(HttpStatusCode status, string code)
    {
        Expect(status);
        Assert.That(Codes, Does.Contain(code), Text);
        return this;
    }
}
