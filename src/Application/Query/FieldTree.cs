using System.Text.Json;

namespace MediaPlatform.Application.Query;

/// <summary>Fields to pick from JSON, nested ones by path: <c>id,title,wardrobe.shoes</c>. Lists are picked from item by item.</summary>
public sealed class FieldTree
{
    private readonly Dictionary<string, FieldTree?> members = new(StringComparer.Ordinal); // null: the whole of it

    /// <summary>Adds a path, its names separated by dots.</summary>
    public void Add(string path) => Add(path.Split('.'));

    /// <summary>Writes what is picked.</summary>
    public void Write(Utf8JsonWriter json, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (var item in value.EnumerateArray()) Write(json, item);
            json.WriteEndArray();
        }
        else if (value.ValueKind is JsonValueKind.Object)
        {
            json.WriteStartObject();
            foreach (var member in value.EnumerateObject())
            {
                if (!members.TryGetValue(member.Name, out var inner)) continue;
                json.WritePropertyName(member.Name);
                if (inner is null) member.Value.WriteTo(json);
                else inner.Write(json, member.Value);
            }

            json.WriteEndObject();
        }
        else
        {
            value.WriteTo(json);
        }
    }

    private void Add(ReadOnlySpan<string> path)
    {
        if (path.Length == 1) members[path[0]] = null;
        else if (!members.TryGetValue(path[0], out var inner)) (members[path[0]] = new()).Add(path[1..]);
        else inner?.Add(path[1..]);
    }
}
