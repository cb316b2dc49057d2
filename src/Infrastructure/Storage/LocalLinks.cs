using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>Links that this API serves itself: HMAC-SHA-256, with a key id, over method, key, expiry, length, type and all that is asked for.</summary>
public sealed class LocalLinks(StorageOptions options, TimeProvider time)
{
    /// <summary>Where the API serves them.</summary>
    public const string Path = "/api/v1/files/";

    private readonly Dictionary<string, byte[]> keys = options.SigningKeys.ToDictionary(pair => pair.Key, pair => Convert.FromBase64String(pair.Value), StringComparer.Ordinal);

    /// <summary>A link to read an object.</summary>
    /// <param name="name">What a browser calls the file when it saves it; null for none.</param>
    /// <param name="store">The store that has it; null for local disk.</param>
    public string ToGet(string key, long length, string type, string? name, string? store, DateTimeOffset expires) =>
        Link("GET", key, expires, length, type, (nameof(name), name), (nameof(store), store));

    /// <summary>A link to send the bytes of an object, or of one part of it.</summary>
    public string ToPut(string key, long length, string type, DateTimeOffset expires, string? multipart = null, int? part = null) =>
        Link("PUT", key, expires, length, type, (nameof(multipart), multipart), (nameof(part), part?.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Whether a link is one of ours and still works.</summary>
    /// <param name="first">What <see cref="ToGet"/> and <see cref="ToPut"/> add to it, in their order.</param>
    /// <param name="second">The other.</param>
    public LinkState Verify(string method, string key, long expires, long length, string type, string? first, string? second, string keyId, string signature)
    {
        if (!keys.TryGetValue(keyId, out var secret)) return LinkState.Forged;

        var expected = Sign(secret, method, key, expires, length, type, first, second);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature))) return LinkState.Forged;
        return expires > time.GetUtcNow().ToUnixTimeSeconds() ? LinkState.Valid : LinkState.Expired;
    }

    private string Link(string method, string key, DateTimeOffset until, long length, string type, (string Name, string? Value) first, (string Name, string? Value) second)
    {
        var expires = until.ToUnixTimeSeconds();
        var signature = Sign(keys[options.SigningKeyId], method, key, expires, length, type, first.Value, second.Value);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Path}{Escape(key)}?expires={expires}&length={length}&type={Uri.EscapeDataString(type)}{Parameter(first)}{Parameter(second)}&key_id={options.SigningKeyId}&signature={signature}");
    }

    private static string Parameter((string Name, string? Value) one) => one.Value is null ? "" : $"&{one.Name}={Uri.EscapeDataString(one.Value)}";

    private static string Escape(string key) => Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal);

    // No value holds a line feed: names of files are cleaned, and the rest is ours.
    private static string Sign(byte[] secret, string method, string key, long expires, long length, string type, string? first, string? second) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{method}\n{key}\n{expires}\n{length}\n{type}\n{first}\n{second}")));
}

/// <summary>What a link turned out to be.</summary>
public enum LinkState { Valid, Expired, Forged }
