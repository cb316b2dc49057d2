using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MediaPlatform.Api.Http;

/// <summary>Which members of a schema are required and which may be null: the rules that <see cref="Body{T}"/> holds callers to.</summary>
internal sealed class SchemaRules : ISchemaFilter
{
    /// <summary>What members mean that every kind of records has, where nothing else says it.</summary>
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["id"] = "The id, a UUID.", ["approval_status"] = "Whether somebody stands for it: draft, approved or rejected.",
        ["schema_version"] = "The version of the client's schema under which its fields were last written.", ["created_at"] = "When it was made.",
        ["created_by"] = "Who made it: a user, a key or a guest; null for the platform itself.", ["created_by_kind"] = "What created_by is the id of: user, key, guest, job or system.",
        ["updated_at"] = "When it last changed.", ["version"] = "Goes up with each change; If-Match compares it.", ["deleted_at"] = "Since when it is in the trash; null outside of it.",
        ["deleted_by"] = "Who moved it to the trash.", ["deleted_reason"] = "Why it was moved to the trash.", ["restored_at"] = "When it last came out of the trash.", ["restored_by"] = "Who took it out of the trash last.",
        ["approved_at"] = "When it was last approved; null of what never had to be, and of what is not.", ["original_approver"] = "Who approved it first; null of what never had to be.",
    };

    /// <summary>Members of free JSON that are always objects.</summary>
    private static readonly HashSet<string> Objects = new(StringComparer.Ordinal)
    {
        "attributes", "backgrounds", "content", "custom_fields", "document", "exif", "guest_info", "metadata", "production_notes", "ui_elements", "wardrobe",
    };

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } written || Wire.Json.GetTypeInfo(context.Type) is not { Kind: JsonTypeInfoKind.Object } type) return;
        written.Required = type.Properties.Where(p => !p.IsExtensionData && MemberRules.IsRequired(p)).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        written.AdditionalPropertiesAllowed = true;
        foreach (var property in type.Properties)
        {
            if (!written.Properties.TryGetValue(property.Name, out var member)) continue;
            if (member is OpenApiSchema { Type: null } free && Expected.IsFree(property.PropertyType) && Objects.Contains(property.Name)) free.Type = JsonSchemaType.Object;
            if (member is OpenApiSchema { Description: null or "" } plain) plain.Description = Meanings.GetValueOrDefault(property.Name);
            written.Properties[property.Name] = WithNull(member, MemberRules.IsNullable(property), context.SchemaRepository);
        }
    }

    public static IOpenApiSchema WithNull(IOpenApiSchema member, bool nullable, SchemaRepository schemas)
    {
        if (member is OpenApiSchema { Type: { } type } inline)
        {
            inline.Type = nullable ? type | JsonSchemaType.Null : type & ~JsonSchemaType.Null;
            return inline;
        }

        // A reference cannot say itself that it may be null (OpenAPI 3.0); one that extends it can.
        if (!nullable || member is not OpenApiSchemaReference { Reference.Id: { } id }) return member;
        var target = schemas.Schemas.TryGetValue(id, out var known) ? known.Type : null;
        return new OpenApiSchema { Type = (target ?? JsonSchemaType.Object) | JsonSchemaType.Null, AllOf = [member], Description = member.Description };
    }
}

/// <summary>What only answers use is always written whole, so all of its members are required there, nullable or not.</summary>
internal sealed class ResponseSchemas : IDocumentFilter
{
    private static readonly HashSet<string> LeftOutWhenEmpty = ["warnings"];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = context.SchemaRepository.Schemas;
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var bodies = swaggerDoc.Paths.Values.SelectMany(p => p.Operations ?? []).Select(o => o.Value.RequestBody).OfType<OpenApiRequestBody>();
        foreach (var media in bodies.SelectMany(b => b.Content ?? new Dictionary<string, IOpenApiMediaType>())) Reach(media.Value.Schema, schemas, asked);

        foreach (var (name, schema) in schemas)
        {
            if (!asked.Contains(name) && schema is OpenApiSchema { Properties: { Count: > 0 } properties } written)
                written.Required = properties.Keys.Where(p => !LeftOutWhenEmpty.Contains(p)).ToHashSet(StringComparer.Ordinal);
        }
    }

    private static void Reach(IOpenApiSchema? schema, Dictionary<string, IOpenApiSchema> schemas, HashSet<string> reached)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id })
        {
            if (reached.Add(id) && schemas.TryGetValue(id, out var target)) Reach(target, schemas, reached);
            return;
        }

        if (schema is not OpenApiSchema inline) return;
        Reach(inline.Items, schemas, reached);
        Reach(inline.AdditionalProperties, schemas, reached);
        foreach (var part in (inline.AllOf ?? []).Concat(inline.OneOf ?? []).Concat(inline.AnyOf ?? [])) Reach(part, schemas, reached);
        foreach (var property in inline.Properties?.Values ?? []) Reach(property, schemas, reached);
    }
}
