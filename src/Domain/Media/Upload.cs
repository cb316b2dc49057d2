namespace MediaPlatform.Domain.Media;

/// <summary>The ways in.</summary>
public enum UploadKind { Direct, Presigned, Multipart, Registered, Url, Stock, Generated }

/// <summary>Where an upload stands.</summary>
public enum UploadStatus { Open, Received, Verifying, Completed, Conflict, Rejected, Expired }

/// <summary>What to do when the same bytes lie in the trash.</summary>
public enum OnTrashed
{
    /// <summary>Say so and refuse.</summary>
    Refuse,
    /// <summary>Take the asset out of the trash; needs no more than the right to upload.</summary>
    Restore,
}

/// <summary>The role of an asset at an owner.</summary>
public enum AttachmentRole
{
    /// <summary>The one picture that stands for the owner.</summary>
    Cover,
    /// <summary>Within its text.</summary>
    Inline,
    /// <summary>One of an ordered many.</summary>
    Gallery,
    /// <summary>Kept beside it.</summary>
    Reference,
}

/// <summary>Where bytes lie. Made by the server alone, final from the first byte, never used twice.</summary>
public static class StorageKeys
{
    /// <summary><c>{client}/media/{aa}/{upload}/original</c>, where <c>aa</c> are the last two digits of the upload's id, which are random in a UUIDv7.</summary>
    public static string Original(Guid clientId, UploadId upload) => $"{Folder(clientId, upload.Value)}original";

    /// <summary>The name, beside the original's, of bytes that a client has sent in one go, until they have been looked at.</summary>
    public const string IncomingName = "incoming";

    /// <summary>What the keys of all renditions begin with, of all clients: as much of a bucket as a CDN needs.</summary>
    public const string Renditions = "renditions/";

    /// <summary>A copy of the original that tells nothing of places, beside it: never among the renditions, which may be public.</summary>
    public static string CleanOriginal(Guid clientId, AssetId asset, int recipe, string extension) =>
        $"{Folder(clientId, asset.Value)}{Sharing.Original}.{recipe}.{extension}";

    /// <summary>A rendition.</summary>
    /// <param name="folder">The asset's: <c>renditions/{aa}/{…}/</c>, which only the database can name.</param>
    public static string Variant(string folder, string preset, int recipe, string extension) => $"{folder}{preset}.{recipe}.{extension}";

    /// <summary>Whether a key is of the shape of those that are made here. A bucket may have other owners of other keys.</summary>
    public static bool IsOurs(string key) =>
        (key.Length > Digits + Media.Length && IsId(key[..Digits]) && key.AsSpan(Digits).StartsWith(Media))
        || (key.StartsWith(Renditions, StringComparison.Ordinal) && key.Split('/') is [_, { Length: 2 }, { Length: Digits } name, _] && IsId(name));

    /// <summary>What all objects of one upload, and of the asset it became, begin with; ends in <c>/</c>.</summary>
    public static string Folder(Guid clientId, Guid upload) => $"{clientId:n}{Media}{upload.ToString("n")[^2..]}/{upload:n}/";

    private const string Media = "/media/";
    private const int Digits = 32;

    private static bool IsId(string text) => Guid.TryParseExact(text, "n", out _);
}
