using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>The client's own fields of a row, before they are held to what it has declared: a row that no record could keep harms no other.</summary>
internal static class RowCustomFields
{
    private const string Name = "custom_fields";
    private const int LongestName = 100; // that an error repeats
    private const int MostDigits = 8_000; // of a number, before and after its point; what jsonb keeps at least

    /// <summary>The object without what cannot be kept, of which the errors say why; null where it is none.</summary>
    public static JsonElement? Read(JsonElement given, List<Error> errors)
    {
        if (given.ValueKind is not JsonValueKind.Object)
        {
            errors.Add(ImportErrors.NotOwnFields(Name));
            return null;
        }

        var (kept, seen, before) = (new JsonObject(), new HashSet<string>(StringComparer.Ordinal), errors.Count);
        foreach (var member in given.EnumerateObject())
        {
            if (errors.Count - before == SetRowChecks.MostErrors) break;

            var name = NameOf(member);
            if (name is null || !CanBeKept(member.Value)) errors.Add(ImportErrors.NotKept(FieldOf(name)));
            else if (!seen.Add(name)) errors.Add(ImportErrors.FieldTwice(FieldOf(name)));
            else kept[name] = JsonSerializer.SerializeToNode(member.Value);
        }

        return errors.Count == before ? given : JsonSerializer.SerializeToElement(kept);
    }

    private static string FieldOf(string? name) => name is { Length: > 0 and <= LongestName } && !name.Any(char.IsControl) ? $"{Name}.{name}" : Name;

    private static bool CanBeKept(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => CanBeKept(value.EnumerateObject()),
        JsonValueKind.Array => value.EnumerateArray().All(CanBeKept),
        JsonValueKind.String => SetRow.ReadText(value) is { } text && IsKept(text),
        JsonValueKind.Number => IsNumberKept(value.GetRawText()),
        _ => true,
    };

    private static bool CanBeKept(JsonElement.ObjectEnumerator members)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            if (NameOf(member) is not { } name || !seen.Add(name) || !CanBeKept(member.Value)) return false;
        }

        return true;
    }

    /// <summary>Null of one that is half of a surrogate pair, or has U+0000.</summary>
    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return IsKept(member.Name) ? member.Name : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsKept(string text) => !text.Contains('\0', StringComparison.Ordinal);

    private static bool IsNumberKept(string number)
    {
        var power = number.AsSpan(number.IndexOfAny(['e', 'E']) is >= 0 and var at ? at + 1 : number.Length);
        return number.Length <= MostDigits && (power.IsEmpty || (int.TryParse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var digits) && digits is >= -MostDigits and <= MostDigits));
    }
}
