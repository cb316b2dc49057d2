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
        var isEdited = AddDefaults(entity, after);
        isEdited |= await ComposeTexts(entity, [after], db, cancellationToken);
        var read = isEdited ? JsonSerializer.SerializeToElement(after) : fields.GetProperty(Column);
        Error[] errors = ErrorsOf(entity, before?.GetProperty(Column), read);
        if (errors.Length > 0) return errors;
        if (!isEdited) return fields;

        var edited = JsonObject.Create(fields)!;
        edited[Column] = after;
        return JsonSerializer.SerializeToElement(edited);
    }

    /// <summary>Why new records may not be written with these custom fields, of each in their order: as <see cref="Hold"/> would say of one after the other.</summary>
    public async Task<IReadOnlyList<Error[]>> FindRefused(string entity, IReadOnlyList<JsonElement> given, DbSession db, CancellationToken cancellationToken)
    {
        if (!Definitions.Contains(entity)) return [.. given.Select(_ => Array.Empty<Error>())];

        JsonObject[] all = [.. given.Select(fields => JsonObject.Create(fields)!)];
        foreach (var fields in all) AddDefaults(entity, fields);
        await ComposeTexts(entity, all, db, cancellationToken);
        return [.. all.Select(fields => ErrorsOf(entity, before: null, JsonSerializer.SerializeToElement(fields)))];
    }

    private Error[] ErrorsOf(string entity, JsonElement? before, JsonElement after) => [.. Definitions[entity].SelectMany(field => field.Check(Value(before, field), Value(after, field)))];

    /// <summary>Of what is declared and not given; gives whether there was any.</summary>
    private bool AddDefaults(string entity, JsonObject fields)
    {
        var isEdited = false;
        foreach (var field in Definitions[entity])
        {
            if (field is not { DefaultValue: { } value, Deprecated: false } || fields[field.Name] is not null) continue;
            fields[field.Name] = JsonSerializer.SerializeToNode(value);
            isEdited = true;
        }

        return isEdited;
    }

    /// <summary>Where one is not ASCII, which is the same composed; gives whether any was.</summary>
    private async Task<bool> ComposeTexts(string entity, IReadOnlyList<JsonObject> all, DbSession db, CancellationToken cancellationToken)
    {
        var texts = Definitions[entity].Where(field => !field.Deprecated).SelectMany(field => all.SelectMany(fields => TextsOf(fields[field.Name]))).Where(text => !Ascii.IsValid(text.GetValue<string>())).ToList();
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
