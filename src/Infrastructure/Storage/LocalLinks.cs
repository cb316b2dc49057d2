using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>
/// Links to objects that this API serves itself: HMAC-SHA-256, with a key id, over method, key, expiry, length, type and name.
/// </summary>
public sealed class LocalLinks(StorageOptions options, TimeProvider time) : IMediaLinks
{
    /// <summary>Where the API serves them.</summary>
    public const string Path = "/api/v1/files/";

    private readonly Dictionary<string, byte[]> keys = options.SigningKeys.ToDictionary(pair => pair.Key, pair => Convert.FromBase64String(pair.Value), StringComparer.Ordinal);
    private readonly long lifetimeSeconds = (long)options.LinkLifetime.TotalSeconds;

    public string ToGet(LinkedObject target)
    {
        var expires = (time.GetUtcNow().ToUnixTimeSeconds() / lifetimeSeconds + 2) * lifetimeSeconds;
        var signature = Sign(keys[options.SigningKeyId], target.StorageKey, expires, target.SizeBytes, target.MimeType, target.FileName);
        var name = target.FileName is null ? "" : "&name=" + Uri.EscapeDataString(target.FileName);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Path}{target.StorageKey}?expires={expires}&length={target.SizeBytes}&type={Uri.EscapeDataString(target.MimeType)}{name}&key_id={options.SigningKeyId}&signature={signature}");
    }

    /// <summary>Whether a link is one of ours and still works.</summary>
    public LinkState Verify(string storageKey, long expires, long length, string type, string? name, string keyId, string signature)
    {
        if (!keys.TryGetValue(keyId, out var key)) return LinkState.Forged;

        var expected = Sign(key, storageKey, expires, length, type, name);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature))) return LinkState.Forged;
        return expires > time.GetUtcNow().ToUnixTimeSeconds() ? LinkState.Valid : LinkState.Expired;
    }

    private static string Sign(byte[] key, string storageKey, long expires, long length, string type, string? name) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"GET\n{storageKey}\n{expires}\n{length}\n{type}\n{name}")));
}

/// <summary>What a link turned out to be.</summary>
public enum LinkState { Valid, Expired, Forged }
