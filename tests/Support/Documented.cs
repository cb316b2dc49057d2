using System.Text.Json.Nodes;

namespace MediaPlatform.Tests.Support;

/// <summary>Holds every problem that any test sees against the OpenAPI document: its operation must name the code at that status.</summary>
internal static class Documented
{
    // the answers to a path or a method that no operation has
    private static readonly string[] OfNoOperation = ["ROUTE_NOT_FOUND", "METHOD_NOT_ALLOWED"];
    private static readonly HttpClient Http = new();
    private static readonly SemaphoreSlim Reading = new(1);
    private static JsonObject? paths;

    public static async Task Check(Platform platform, HttpRequestMessage request, Reply reply)
    {
        if (reply.Bytes.Length == 0 || reply.ContentHeaders.ContentType?.MediaType is not "application/problem+json") return;
        var method = request.Method == HttpMethod.Head ? "get" : request.Method.Method.ToLowerInvariant();
        if (Find(await Paths(platform), request.RequestUri!.AbsolutePath, method) is not { } path) return;

        var codes = reply.Codes.Except(OfNoOperation).ToArray();
        var answers = path[method]?["responses"]?.AsObject().ToDictionary(answer => answer.Key, answer => answer.Value!["description"]?.GetValue<string>() ?? "") ?? [];
        var here = answers.GetValueOrDefault($"{(int)reply.Status}", "");

        // An answer with several kinds of errors has the status of one of them.
        if (codes.Length == 0 || (codes.Any(code => Names(here, code)) && codes.All(code => answers.Values.Any(answer => Names(answer, code))))) return;
        throw new AssertionException($"The document does not say that {request.Method} {request.RequestUri.AbsolutePath} answers {(int)reply.Status} {string.Join(", ", codes)}: \"{here}\".");
    }

    private static bool Names(string description, string code) => description.Contains($"`{code}`", StringComparison.Ordinal);

    /// <summary>The operations at a path: of several that fit, those with the method, then those with the fewest parameters.</summary>
    private static JsonNode? Find(JsonObject paths, string path, string method)
    {
        var segments = path.Split('/');
        return paths
            .Select(known => (Pattern: known.Key.Split('/'), known.Value))
            .Where(known => known.Pattern.Length == segments.Length && known.Pattern.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second))
            .OrderBy(known => known.Value![method] is null)
            .ThenBy(known => known.Pattern.Count(part => part.StartsWith('{')))
            .Select(known => known.Value)
            .FirstOrDefault();
    }

    private static async Task<JsonObject> Paths(Platform platform)
    {
        await Reading.WaitAsync();
        try
        {
            return paths ??= JsonNode.Parse(await Http.GetStringAsync(new Uri(platform.Address, "/swagger/v1/swagger.json")))!["paths"]!.AsObject();
        }
        finally
        {
            Reading.Release();
        }
    }
}
