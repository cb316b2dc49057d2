using System.Text.Json;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Domain.Episodes;

/// <summary>The kinds of pictures, films and icons that episodes share.</summary>
public enum SharedAssetKind { UiElement, Background }

/// <summary>Where one stands in an episode: which it is, and in which version.</summary>
/// <param name="Name">Of the shared asset.</param>
/// <param name="AssetId">The version's file, here.</param>
/// <param name="FileReference">Or elsewhere.</param>
public sealed record SharedAssetVersion(Guid Id, string Name, int Number, Guid? AssetId, string? FileReference);

/// <summary>
/// The shared assets of an episode by their roles, as a document: <c>{ "main_closet": "s3://bucket/closet.jpg" }</c>. A value is the address of a
/// file, an object that names one of the catalogue, or an object with more roles in it, such as <c>screen_accessories</c>.
/// </summary>
public static class SharedAssetDocument
{
    private const int MaxRoles = 200;
    private const int MaxDepth = 3;
    private const string Version = "version";

    /// <summary>What is shown of one beside those, and may be put back.</summary>
    private static readonly string[] Read = ["name", "asset_id", "file_reference"];

    /// <summary>What a value calls the shared asset that it names.</summary>
    public static string IdName(SharedAssetKind kind) => $"{Names.Of(kind)}_id";

    public static RecordKind RecordKind(SharedAssetKind kind) => kind is SharedAssetKind.UiElement ? EpisodeKinds.UiElement : EpisodeKinds.Background;

    /// <summary>Every reason why this is no such document: a field below the document (empty for itself), and a sentence.</summary>
    public static IEnumerable<(string Field, string Message)> Check(JsonElement document, SharedAssetKind kind)
    {
        if (document.ValueKind is not JsonValueKind.Object) return [("", "This is a JSON object of roles.")];

        var dotted = DottedNames(document, "").Take(1).ToList();
        if (dotted.Count > 0) return [(dotted[0], "A role has no dots in its name.")];

        var roles = Roles(document, kind).Take(MaxRoles + 1).ToList();
        if (roles.Count > MaxRoles) return [("", $"At most {MaxRoles} roles.")];
        return roles.SelectMany(role => Faults(role.Role, role.Value, kind));
    }

    /// <summary>The roles of a document in its order: <c>screen_accessories.exit</c>, and what stands there. What is null stands nowhere.</summary>
    public static IEnumerable<(string Role, JsonElement Value)> Roles(JsonElement document, SharedAssetKind kind) => Below(document, "", kind, 1);

    /// <summary>Which one of the catalogue a value names, and in which version; null for an address.</summary>
    public static (Guid Id, int? Number)? Named(JsonElement value, SharedAssetKind kind) =>
        value.ValueKind is JsonValueKind.Object && value.TryGetProperty(IdName(kind), out var id) && id.ValueKind is JsonValueKind.String && id.TryGetGuid(out var named)
            ? (named, value.TryGetProperty(Version, out var number) && number.ValueKind is JsonValueKind.Number && number.TryGetInt32(out var read) ? read : null)
            : null;

    /// <summary>The document with other values at some roles.</summary>
    public static JsonElement With(JsonElement document, IReadOnlyDictionary<string, JsonElement> values)
    {
        var root = JsonObject.Create(document)!;
        foreach (var (role, value) in values)
        {
            var (place, names) = (root, role.Split('.'));
            foreach (var name in names[..^1]) place = place[name]!.AsObject();
            place[names[^1]] = JsonSerializer.SerializeToNode(value);
        }

        return JsonSerializer.SerializeToElement(root);
    }

    /// <summary>How a value shows one of the catalogue.</summary>
    public static JsonElement Shown(SharedAssetKind kind, SharedAssetVersion asset) => JsonSerializer.SerializeToElement(new JsonObject
    {
        [IdName(kind)] = asset.Id.ToString(), [Version] = asset.Number, ["name"] = asset.Name, ["asset_id"] = asset.AssetId?.ToString(), ["file_reference"] = asset.FileReference,
    });

    private static IEnumerable<(string, JsonElement)> Below(JsonElement value, string path, SharedAssetKind kind, int depth) =>
        value.EnumerateObject().Where(member => member.Value.ValueKind is not JsonValueKind.Null).SelectMany(member =>
        {
            var role = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            return member.Value.ValueKind is JsonValueKind.Object && !member.Value.TryGetProperty(IdName(kind), out _) && depth < MaxDepth
                ? Below(member.Value, role, kind, depth + 1)
                : [(role, member.Value)];
        });

    private static IEnumerable<(string, string)> Faults(string role, JsonElement value, SharedAssetKind kind)
    {
        if (!role.Split('.').All(IsName)) yield return (role, "A role is 1 to 100 of a–z, 0–9, '-' and '_'.");
        if (value.ValueKind is JsonValueKind.String && S3Uri.Parse(value.GetString()) is null) yield return (role, "A file is named as s3://bucket/key, the bucket's name of 3 to 63 characters.");
        else if (value.ValueKind is not JsonValueKind.String && Named(value, kind) is null) yield return (role, $"This is s3://bucket/key, or an object with {IdName(kind)}, and a version if it is not the active one.");
        if (value.ValueKind is not JsonValueKind.Object) yield break;
        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals(Version) && member.Value.ValueKind is not JsonValueKind.Null && !(member.Value.ValueKind is JsonValueKind.Number && member.Value.TryGetInt32(out _)))
                yield return ($"{role}.{Version}", "A version is a whole number.");
            else if (!member.NameEquals(Version) && !member.NameEquals(IdName(kind)) && !Read.Contains(member.Name))
                yield return ($"{role}.{member.Name}", $"One is named by {IdName(kind)} and version alone.");
        }
    }

    private static IEnumerable<string> DottedNames(JsonElement value, string path) => value.ValueKind is not JsonValueKind.Object
        ? []
        : value.EnumerateObject().SelectMany(member => member.Name.Contains('.', StringComparison.Ordinal) ? [path + member.Name] : DottedNames(member.Value, $"{path}{member.Name}."));

    private static bool IsName(string name) => name.Length is > 0 and <= 100 && name.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_');
}
