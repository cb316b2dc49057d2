namespace MediaPlatform.Domain.Media;

/// <summary>Where bytes lie. Made by the server alone, final from the first byte, never used twice.</summary>
public static class StorageKeys
{
    /// <summary><c>{client}/media/{aa}/{upload}/original</c>, where <c>aa</c> are the last two digits of the upload's id, which are random in a UUIDv7.</summary>
    public static string Original(Guid clientId, UploadId upload) => $"{Folder(clientId, upload.Value)}original";

    /// <summary>Where a client sends the bytes of an upload in one go, until they have been looked at: beside the original.</summary>
    public static string Incoming(string original) => $"{original[..(original.LastIndexOf('/') + 1)]}incoming";

    /// <summary>What the keys of all renditions begin with, of all clients: as much of a bucket as a CDN needs.</summary>
    public const string Renditions = "renditions/";

    /// <summary>What the keys of all thumbnails begin with: <c>thumbnails/episodes/{episode}/{render}/1280x720.jpg</c>, and so for clips and outfits. Their folders are made where their jobs are queued.</summary>
    public const string Thumbnails = "thumbnails/";

    /// <summary>A copy of the original that tells nothing of places, beside it: never among the renditions, which may be public.</summary>
    public static string CleanOriginal(Guid clientId, AssetId asset, int recipe, string extension) =>
        $"{Folder(clientId, asset.Value)}{Sharing.Original}.{recipe}.{extension}";

    /// <summary>A rendition.</summary>
    /// <param name="folder">The asset's: <c>renditions/{aa}/{…}/</c>, which only the database can name.</param>
    public static string Variant(string folder, string preset, int recipe, string extension) => $"{folder}{preset}.{recipe}.{extension}";

    /// <summary>Whether a key is of the shape of those that are made here. A bucket may have other owners of other keys.</summary>
    public static bool IsOurs(string key) =>
        (key.Length > Digits + Media.Length && IsId(key[..Digits]) && key.AsSpan(Digits).StartsWith(Media))
        || (key.StartsWith(Renditions, StringComparison.Ordinal) && key.Split('/') is [_, { Length: 2 }, { Length: Digits } name, _] && IsId(name))
        || (key.StartsWith(Thumbnails, StringComparison.Ordinal) && key.Split('/') is [_, "episodes" or "clips" or "outfits", var owner, { Length: Digits } render, _] && Guid.TryParseExact(owner, "d", out _) && IsId(render));

    /// <summary>What all objects of one upload, and of the asset it became, begin with; ends in <c>/</c>.</summary>
    public static string Folder(Guid clientId, Guid upload) => $"{clientId:n}{Media}{upload.ToString("n")[^2..]}/{upload:n}/";

    /// <summary>What the keys of all that a client has sent begin with; ends in <c>/</c>.</summary>
    public static string ClientFolder(Guid clientId) => $"{clientId:n}{Media}";

    /// <summary>The upload whose object a key is, of one client; null for a key of any other shape, which may be somebody else's.</summary>
    public static Guid? UploadOf(Guid clientId, string key) =>
        key.Split('/') is [_, _, _, { Length: Digits } upload, var name] && Guid.TryParseExact(upload, "n", out var id) && key == Folder(clientId, id) + name && IsObjectName(name) ? id : null;

    /// <summary>Whether a key is that of a rendition in a folder of its asset's own.</summary>
    public static bool IsRendition(string key) =>
        key.StartsWith(Renditions, StringComparison.Ordinal) && key.Split('/') is [_, { Length: 2 } spread, { Length: Digits } folder, var name]
        && IsId(folder) && folder.StartsWith(spread, StringComparison.Ordinal) && name.Split('.').Length == 3 && IsObjectName(name);

    /// <summary><c>original</c>, <c>incoming</c> or <c>{preset}.{recipe}.{extension}</c>.</summary>
    private static bool IsObjectName(string name) => name is "original" or "incoming"
        || (name.Split('.') is [{ Length: > 0 } preset, { Length: > 0 } recipe, { Length: > 0 } extension] && preset.All(IsPartOfName) && recipe.All(char.IsAsciiDigit) && extension.All(IsPartOfName));

    private static bool IsPartOfName(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' or '-';

    private const string Media = "/media/";
    private const int Digits = 32;

    private static bool IsId(string text) => Guid.TryParseExact(text, "n", out _);
}
