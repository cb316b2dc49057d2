using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Schema;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Schema;

/// <summary>The fields that a client has declared.</summary>
/// <param name="Last">The change that led to them.</param>
/// <param name="Version">As records keep it, such as <c>1.3</c>.</param>
internal sealed record ClientSchema(string Last, string Version, ILookup<string, FieldDefinition> Definitions)
{
    private const string Column = "custom_fields";

    private const string Compose = """
        select array(
            select normalize(text)
            from unnest(@Texts::text[]) with ordinality as given (text, place)
            order by place)
        """;

    /// <summary>Fields as they are written: what is declared and not given has its default, and texts of what is declared are composed. Or every reason why not.</summary>
    /// <param name="entity">The kind of records.</param>
    /// <param name="before">All fields as they are; null of a new record.</param>
    /// <param name="fields">All fields as they should be.</param>
    public async Task<Result<JsonElement>> Hold(string entity, JsonElement? before, JsonElement fields, DbSession db, CancellationToken cancellationToken)
    {
        if (!Definitions.Contains(entity)) return fields;

        var after = JsonObject.Create(fields.GetProperty(Column))!;
        var isEdited = false;
        foreach (var field in Definitions[entity])
        {
            if (field is not { DefaultValue: { } value, Deprecated: false } || after[field.Name] is not null) continue;
            after[field.Name] = JsonSerializer.SerializeToNode(value);
            isEdited = true;
        }

        isEdited |= await ComposeTexts(entity, after, db, cancellationToken);
        var read = isEdited ? JsonSerializer.SerializeToElement(after) : fields.GetProperty(Column);
        Error[] errors = [.. Definitions[entity].SelectMany(field => field.Check(Value(before?.GetProperty(Column), field), Value(read, field)))];
        if (errors.Length > 0) return errors;
        if (!isEdited) return fields;

        var edited = JsonObject.Create(fields)!;
        edited[Column] = after;
        return JsonSerializer.SerializeToElement(edited);
    }

    /// <summary>Where one is not ASCII, which is the same composed; gives whether any was.</summary>
    private async Task<bool> ComposeTexts(string entity, JsonObject fields, DbSession db, CancellationToken cancellationToken)
    {
        var texts = Definitions[entity].Where(field => !field.Deprecated).SelectMany(field => TextsOf(fields[field.Name])).Where(text => !Ascii.IsValid(text.GetValue<string>())).ToList();
        if (texts.Count == 0) return false;

        var composed = await db.Single<string[]>(Compose, new { Texts = texts.Select(text => text.GetValue<string>()).ToArray() }, cancellationToken);
        for (var at = 0; at < texts.Count; at++) texts[at].ReplaceWith(composed[at]);
        return true;
    }

    private static IEnumerable<JsonValue> TextsOf(JsonNode? value) => value switch
    {
        JsonArray list => list.OfType<JsonValue>().Where(IsText),
        JsonValue one when IsText(one) => [one],
        _ => [],
    };

    private static bool IsText(JsonValue value) => value.GetValueKind() is JsonValueKind.String;

    private static JsonElement? Value(JsonElement? fields, FieldDefinition of) => fields is { } given && given.TryGetProperty(of.Name, out var value) ? value : null;
}
