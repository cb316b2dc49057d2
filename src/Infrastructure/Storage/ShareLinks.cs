using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>Share links, signed with the keys of <see cref="LocalLinks"/>: HMAC-SHA-256 over all that the token says, the key's id included.</summary>
public sealed class ShareLinks(StorageOptions options) : IShareLinks
{
    /// <summary>Where the API serves them.</summary>
    public const string Path = "/api/v1/shared/";

    private const int MaxLength = 1024;

    private readonly Dictionary<string, byte[]> keys = options.SigningKeys.ToDictionary(pair => pair.Key, pair => Convert.FromBase64String(pair.Value), StringComparer.Ordinal);

    public string ToShare(ShareGrant grant)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{grant.ClientId:n}\n{grant.AssetId.Value:n}\n{grant.What}\n{grant.ExpiresAt.ToUnixTimeSeconds()}\n{grant.Generation}\n{options.SigningKeyId}");
        var said = Encoding.UTF8.GetBytes(text);
        return $"{Path}{Base64Url.EncodeToString(said)}.{Base64Url.EncodeToString(Sign(keys[options.SigningKeyId], said))}";
    }

    public ShareGrant? Read(string token)
    {
        if (token.Length > MaxLength || token.Split('.') is not [var text, var signature]) return null;
        if (Decode(text) is not { } said || Decode(signature) is not { } signed) return null;

        // What was not signed is not looked at, but for the id of the key, which is last.
        var parts = Encoding.UTF8.GetString(said).Split('\n', 6);
        if (parts.Length != 6 || !keys.TryGetValue(parts[5], out var key) || !CryptographicOperations.FixedTimeEquals(Sign(key, said), signed)) return null;

        return new(
            Guid.ParseExact(parts[0], "n"), new(Guid.ParseExact(parts[1], "n")), parts[2],
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[3], CultureInfo.InvariantCulture)), int.Parse(parts[4], CultureInfo.InvariantCulture));
    }

    /// <summary>Begins otherwise than what <see cref="LocalLinks"/> signs, so that none is ever taken for the other.</summary>
    private static byte[] Sign(byte[] key, byte[] said) => HMACSHA256.HashData(key, (byte[])[.. "SHARE\n"u8, .. said]);

    /// <summary>Null for what is not written the one way that it is written here: else several tokens would be one.</summary>
    private static byte[]? Decode(string text)
    {
        if (!Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return Base64Url.EncodeToString(bytes) == text ? bytes : null;
    }
}
