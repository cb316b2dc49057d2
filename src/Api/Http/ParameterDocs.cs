using System.Text.Json.Nodes;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using Microsoft.OpenApi;

namespace MediaPlatform.Api.Http;

/// <summary>Parameters that are bound by the frame's own types, as the document shows them.</summary>
internal static class ParameterDocs
{
    private const string OfLink = "As the link has it; links are made by the platform and taken as they are.";

    /// <summary>What parameters that are bound by their names mean, wherever they stand; one whose endpoint says it in a comment says it so.</summary>
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["id"] = "The id, a UUID.", ["size"] = "1280x720, 640x360 or 320x180.", ["guest_id"] = "The guest, a UUID.", ["network_id"] = "The network, a UUID.", ["alias_id"] = "The alias, a UUID.", ["person_id"] = "The person, a UUID.", ["role"] = "model or photographer.", ["session_id"] = "The session, a UUID.", ["asset_id"] = "The asset, a UUID.", ["media_item_id"] = "The media item, a UUID.", ["merge_id"] = "The merge, a UUID.", ["label_id"] = "The label, a UUID.", ["resolution_id"] = "What was resolved in one go, a UUID.", ["part_id"] = "What stands in it, a UUID.", ["number"] = "The number of the version, from 1.", ["format"] = "csv or json.", ["atomic"] = "All operations are done, or none.", ["include_deleted"] = "Also when it is in the trash; for admins.",
        ["reason"] = "Why; it is kept.", ["purge"] = "Deletes for good instead of moving to the trash.", ["owner_type"] = "The kind of the owner, such as `scene`.",
        ["owner_id"] = "The owner's id where it comes from.", ["token"] = "The secret of the shared link.", ["key"] = OfLink, ["key_id"] = OfLink, ["expires"] = OfLink, ["length"] = OfLink,
        ["type"] = OfLink, ["signature"] = OfLink, ["name"] = OfLink, ["store"] = OfLink, ["multipart"] = OfLink, ["part"] = OfLink,
    };

    private static readonly string Operators = string.Join(' ', Names.All<Operator>());

    /// <summary>Gives a parameter without a text the one that its name has everywhere.</summary>
    public static void Describe(IEnumerable<IOpenApiParameter> parameters)
    {
        foreach (var parameter in parameters.OfType<OpenApiParameter>()) parameter.Description ??= Meanings.GetValueOrDefault(parameter.Name!);
    }

    public static OpenApiParameter InPath(string name, bool isId) =>
        new() { Name = name, In = ParameterLocation.Path, Required = true, Schema = isId ? new() { Type = JsonSchemaType.String, Format = "uuid" } : Text() };

    public static OpenApiParameter Header(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = Text() };

    public static OpenApiHeader AnswerHeader(string description) => new() { Description = description, Schema = Text() };

    /// <summary>The reserved names of a list, then its fields.</summary>
    public static IEnumerable<OpenApiParameter> OfList(ListMetadata? list)
    {
        yield return Query("q", "Full text: words, \"phrases\", or, -not.", Text());
        yield return Query("sort", "Fields separated by commas, each with a leading `-` to descend" + Known(list?.Sorts) + ".", Text());
        if (list is { IsWhole: true })
        {
            yield return Query("include_deleted", "Also what is in the trash; for admins.", new() { Type = JsonSchemaType.Boolean, Default = false });
            yield return Selection("each row");
            foreach (var field in OfFields(list)) yield return field;
            yield break;
        }

        yield return Query("limit", "Items in a page.", new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = ListRequest.MaxLimit.ToString(), Default = ListRequest.DefaultLimit });
        yield return Query("cursor", "`metadata.page.next_cursor` of the page before.", Text());
        yield return Query("count", "How the total is counted: `capped` up to 10,000, `exact` to the end, `none` not at all.", new() { Type = JsonSchemaType.String, Enum = [.. Names.All<CountMode>().Select(name => (JsonNode)name)], Default = "capped" });
        yield return Query("include_deleted", "Also what is in the trash; for admins.", new() { Type = JsonSchemaType.Boolean, Default = false });
        yield return Selection("each item");
        foreach (var field in OfFields(list)) yield return field;
    }

    private static IEnumerable<OpenApiParameter> OfFields(ListMetadata? list)
    {
        foreach (var field in list?.Fields ?? [])
            yield return Query(field, list!.Described.GetValueOrDefault(field) ?? $"Equals. With an operator: `{field}[op]=value`, where op is one of {Operators}; lists are separated by commas.", Text());
    }

    /// <summary><c>_fields</c>.</summary>
    public static OpenApiParameter Selection(string of) => Query(FieldSelection.Parameter, $"Only these fields of {of}, nested ones by path: `id,title,wardrobe.shoes`.", Text());

    private static string Known(IReadOnlyList<string>? names) => names is { Count: > 0 } ? ": " + string.Join(", ", names) : "";

    private static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
