using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Api.Http;

/// <summary>Holds a JSON document against the type it should become and collects everything that is wrong.</summary>
internal static class BodyReader
{
    private const int MostErrors = 100;
    private static readonly ConcurrentDictionary<Type, Shape> Shapes = new();

    /// <summary>The value, when <paramref name="errors"/> stays empty.</summary>
    /// <param name="shownAs">The response type whose fields are ignored where they are not taken, so that what was read can be put back.</param>
    /// <param name="fromPath">A field that the path gives: whatever the body says of it is not looked at.</param>
    public static T? Read<T>(JsonElement root, List<Error> errors, Type? shownAs = null, string? fromPath = null)
    {
        var type = Wire.Json.GetTypeInfo(typeof(T));
        if (shownAs is not null && root.ValueKind is JsonValueKind.Object) CheckMembers(root, Shape.Of(type, shownAs).Without(fromPath), "", errors);
        else Check(root, type, "", errors);
        if (errors.Count > 0) return default;
        try
        {
            return fromPath is null ? (T?)root.Deserialize(type) : (T?)Without(root, fromPath).Deserialize(type);
        }
        catch (JsonException e)
        {
            // What the walk cannot know: a converter or a constructor of the type itself refuses.
            errors.Add(new InvalidError("VALIDATION_ERROR", "The value cannot be read.", e.Path is { Length: > 2 } path ? path[2..] : null));
            return default;
        }
    }

    private static JsonObject Without(JsonElement root, string field)
    {
        var rest = JsonObject.Create(root)!;
        rest.Remove(field);
        return rest;
    }

    private static void Check(JsonElement value, JsonTypeInfo type, string path, List<Error> errors)
    {
        if (errors.Count >= MostErrors) return;
        if (Changes.IsChange(type.Type)) type = Wire.Json.GetTypeInfo(type.Type.GetGenericArguments()[0]);
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind is JsonValueKind.Object:
                CheckMembers(value, Shapes.GetOrAdd(type.Type, static (_, t) => Shape.Of(t), type), path, errors);
                break;
            case JsonTypeInfoKind.Dictionary when value.ValueKind is JsonValueKind.Object:
                foreach (var member in Members(value, path, errors)) CheckElement(member.Value, type.ElementType!, Join(path, member.Name), errors);
                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind is JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray()) CheckElement(item, type.ElementType!, $"{path}[{index++}]", errors);
                break;
            case JsonTypeInfoKind.None when Expected.IsFree(type.Type):
                CheckFree(value, path, errors);
                break;
            case JsonTypeInfoKind.None when CheckText(value, path, errors) && !Reads(value, type):
            case JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary or JsonTypeInfoKind.Enumerable:
                errors.Add(new InvalidError("VALIDATION_ERROR", $"{Said(path)} must be {Expected.Of(type)}, not {Expected.Given(value)}.", Field(path)));
                break;
        }
    }

    private static void CheckElement(JsonElement value, Type element, string path, List<Error> errors)
    {
        if (value.ValueKind is JsonValueKind.Null && Nullable.GetUnderlyingType(element) is not null) return;
        if (value.ValueKind is not JsonValueKind.Null || Expected.IsFree(element))
            Check(value, Wire.Json.GetTypeInfo(element), path, errors);
        else errors.Add(new InvalidError("VALIDATION_ERROR", $"{Said(path)} must not be null.", Field(path)));
    }

    private static void CheckMembers(JsonElement value, Shape shape, string path, List<Error> errors)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in Members(value, path, errors))
        {
            given.Add(member.Name);
            var field = Join(path, member.Name);
            if (shape.Members.TryGetValue(member.Name, out var known))
            {
                if (member.Value.ValueKind is not JsonValueKind.Null) Check(member.Value, Wire.Json.GetTypeInfo(known.Type), field, errors);
                else if (!known.Nullable) errors.Add(new InvalidError("VALIDATION_ERROR", $"{field} must not be null.", field));
            }
            else if (!shape.Ignored.Contains(member.Name))
            {
                errors.Add(new MalformedError("UNKNOWN_FIELD", $"There is no field \"{field}\".{NearestName.Hint(member.Name, shape.Members.Keys)}", field));
            }
        }

        foreach (var (name, member) in shape.Members)
        {
            if (member.Required && !given.Contains(name))
                errors.Add(new InvalidError("VALIDATION_ERROR", $"{Join(path, name)} is required: {Expected.Of(Wire.Json.GetTypeInfo(member.Type))}.", Join(path, name)));
        }
    }

    /// <summary>The members with a readable name, the second of a name refused.</summary>
    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement value, string path, List<Error> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (NameOf(member) is not { } name || !Wire.IsStorable(name))
                errors.Add(new MalformedError("INVALID_TEXT", $"{Said(path)} has a field whose name is not Unicode text.", Field(path)));
            else if (!seen.Add(name))
                errors.Add(new MalformedError("DUPLICATE_FIELD", $"{Join(path, name)} is given twice.", Join(path, name)));
            else
                yield return (name, member.Value);
        }
    }

    private static void CheckFree(JsonElement value, string path, List<Error> errors)
    {
        if (errors.Count >= MostErrors) return;
        if (value.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in Members(value, path, errors)) CheckFree(member.Value, Join(path, member.Name), errors);
        }
        else if (value.ValueKind is JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray()) CheckFree(item, $"{path}[{index++}]", errors);
        }
        else
        {
            CheckText(value, path, errors);
        }
    }

    /// <summary>Text must be Unicode that PostgreSQL can store.</summary>
    private static bool CheckText(JsonElement value, string path, List<Error> errors)
    {
        if (value.ValueKind is not JsonValueKind.String) return true;
        var text = TextOf(value);
        if (text is not null && Wire.IsStorable(text)) return true;
        var why = text is null ? "is not Unicode text (invalid UTF-8 or half a surrogate pair)" : "contains the character U+0000, which cannot be stored";
        errors.Add(new MalformedError("INVALID_TEXT", $"{Said(path)} {why}.", Field(path)));
        return false;
    }

    private static bool Reads(JsonElement value, JsonTypeInfo type)
    {
        try
        {
            return value.Deserialize(type) is not null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string? TextOf(JsonElement value)
    {
        try { return value.GetString(); }
        catch (InvalidOperationException) { return null; }
    }

    private static string? NameOf(JsonProperty member)
    {
        try { return member.Name; }
        catch (InvalidOperationException) { return null; }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Said(string path) => path.Length == 0 ? "The body" : path;

    private static string? Field(string path) => path.Length == 0 ? null : path;

    private sealed record Member(Type Type, bool Nullable, bool Required);

    private sealed record Shape(Dictionary<string, Member> Members, HashSet<string> Ignored)
    {
        public static Shape Of(JsonTypeInfo type) => Of(type, [.. type.Type.GetCustomAttributes<ReadOnlyFieldsAttribute>().Select(a => a.Response)]);

        public static Shape Of(JsonTypeInfo type, params IEnumerable<Type> shownAs)
        {
            var ignored = shownAs
                .SelectMany(response => Wire.Json.GetTypeInfo(response).Properties)
                .Select(p => p.Name)
                .ToHashSet(StringComparer.Ordinal);
            return new(type.Properties.ToDictionary(p => p.Name, Of, StringComparer.Ordinal), ignored);
        }

        /// <summary>The same, but one of the fields is not taken.</summary>
        public Shape Without(string? field)
        {
            if (field is null) return this;
            Members.Remove(field);
            Ignored.Add(field);
            return this;
        }

        private static Member Of(JsonPropertyInfo property) =>
            new(property.PropertyType, MemberRules.IsNullable(property), MemberRules.IsRequired(property));
    }
}
