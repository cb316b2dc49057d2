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

    private const string Media = "/media/";
    private const int Digits = 32;

    private static bool IsId(string text) => Guid.TryParseExact(text, "n", out _);
}
