using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Api.Http;

/// <summary>What <c>_fields=id,title,wardrobe.shoes</c> leaves of each item.</summary>
internal sealed class FieldSelection
{
    /// <summary>Its name in a query string.</summary>
    public const string Parameter = "_fields";

    private const int MostPaths = 200;
    private static readonly object Key = new();
    private readonly FieldTree tree = new();

    /// <summary>The selection of this request, if it made one.</summary>
    public static FieldSelection? Of(HttpContext context) => context.Items.TryGetValue(Key, out var selection) ? (FieldSelection?)selection : null;

    /// <summary>The paths of a query string.</summary>
    public static string[] Split(string? paths) => (paths ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public void UseFor(HttpContext context) => context.Items[Key] = this;

    /// <summary>Reads the paths; those that <paramref name="item"/> lacks become errors.</summary>
    /// <param name="parameter">What they are said in.</param>
    public static FieldSelection Parse(IEnumerable<string> paths, Type? item, List<Error> errors, string parameter = Parameter)
    {
        var selection = new FieldSelection();
        var count = 0;
        foreach (var path in paths)
        {
            if (++count > MostPaths || path.Length > FilterLimits.NameLength)
            {
                errors.Add(new MalformedError("INVALID_PARAMETER", $"{parameter} names at most {MostPaths} fields, each of at most {FilterLimits.NameLength} characters.", parameter));
                return selection;
            }

            if (item is not null && Missing(path, item, parameter) is { } error) errors.Add(error);
            else selection.tree.Add(path);
        }

        return selection;
    }

    private static MalformedError? Missing(string path, Type item, string parameter)
    {
        var at = Wire.Json.GetTypeInfo(item);
        foreach (var name in path.Split('.'))
        {
            while (at.Kind is JsonTypeInfoKind.Enumerable) at = Wire.Json.GetTypeInfo(at.ElementType!);
            if (at.Kind is JsonTypeInfoKind.Dictionary || Expected.IsFree(at.Type)) return null;
            var next = at.Properties.FirstOrDefault(p => p.Name == name);
            if (next is null)
                return new("UNKNOWN_FIELD", $"There is no field \"{path}\" to select.{NearestName.Hint(name, at.Properties.Select(p => p.Name))}", parameter);
            at = Wire.Json.GetTypeInfo(next.PropertyType);
        }

        return null;
    }

    /// <summary>Writes what is selected; lists are selected item by item.</summary>
    public void Write(Utf8JsonWriter json, JsonElement value) => tree.Write(json, value);
}
