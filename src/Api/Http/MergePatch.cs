using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediaPlatform.Domain;
using Microsoft.AspNetCore.Http.Metadata;

namespace MediaPlatform.Api.Http;

/// <summary>A JSON merge patch (RFC 7396): what it names is set, what it names as null is emptied, the rest stays.</summary>
/// <remarks>It is laid over the fields as they are, and the outcome is held to what a PUT is held to.</remarks>
internal sealed class MergePatch : IBound, IBindableFromHttpContext<MergePatch>, IEndpointParameterMetadataProvider
{
    private readonly JsonElement patch;

    private MergePatch(JsonElement patch, IReadOnlyList<Error> errors) => (this.patch, Errors) = (patch, errors);

    public IReadOnlyList<Error> Errors { get; }

    public static async ValueTask<MergePatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (document, refused) = await JsonBody.Read(context);
        if (document is null) return new(default, [refused!]);
        using (document) return Of(document.RootElement);
    }

    /// <summary>A patch that is part of another body.</summary>
    public static MergePatch Of(JsonElement given)
    {
        var errors = new List<Error>();
        BodyReader.Read<JsonElement>(given, errors);
        if (given.ValueKind is not JsonValueKind.Object) errors.Add(new InvalidError("VALIDATION_ERROR", $"The body must be an object, not {Expected.Given(given)}."));
        return new(errors.Count == 0 ? given.Clone() : default, errors);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => JsonBody.Describe(builder, type: null);

    /// <summary>The edit that this patch is.</summary>
    /// <param name="shownAs">The response type whose fields are ignored.</param>
    /// <param name="fromPath">A field that the path gives; it is not set by the patch.</param>
    public Func<JsonElement, Result<T>> Edit<T>(Type shownAs, string? fromPath = null)
        where T : class => current =>
    {
        var merged = (JsonObject)Merge(JsonObject.Create(current)!, patch)!;
        foreach (var member in patch.EnumerateObject())
        {
            // emptied is not there any more; what never was is for the reader to name
            if (member.Value.ValueKind is JsonValueKind.Null && !current.TryGetProperty(member.Name, out _)) merged[member.Name] = null;
        }

        var errors = new List<Error>();
        var edited = BodyReader.Read<T>(JsonSerializer.SerializeToElement(merged, AsWritten), errors, shownAs, fromPath);
        return errors.Count == 0 ? edited! : errors.ToArray();
    };

    /// <summary>Letters stay letters, so that what is measured is what was written.</summary>
    internal static readonly JsonSerializerOptions AsWritten = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonNode? Merge(JsonNode? target, JsonElement patch)
    {
        if (patch.ValueKind is not JsonValueKind.Object) return JsonNode.Parse(patch.GetRawText());

        var merged = target as JsonObject ?? [];
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Null)
            {
                merged.Remove(member.Name);
                continue;
            }

            var current = merged[member.Name];
            merged.Remove(member.Name);
            merged[member.Name] = Merge(current, member.Value);
        }

        return merged;
    }
}
