using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>
/// Encrypts texts where they lie: AES-256-GCM, <c>key id : nonce ciphertext tag</c> in base64url. A text is bound to its place, so that
/// what was copied into another row does not open there.
/// </summary>
/// <remarks>
/// The nonce is made of the text and its place by HMAC-SHA-256, as in RFC 5297: the same text at the same place is sealed the same, so that writing it
/// once more changes nothing, and no two texts share a nonce. What was sealed with an older key is sealed with the new one when it is next written.
/// </remarks>
internal sealed class Seals(SealingOptions options)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly Dictionary<string, Key> keys = options.Keys.ToDictionary(pair => pair.Key, pair => Key.Of(Convert.FromBase64String(pair.Value)), StringComparer.Ordinal);

    /// <param name="place">Table, column, tenant and row.</param>
    public string Seal(string text, string place)
    {
        var key = keys[options.KeyId];
        var (plain, bound) = (Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(place));
        var sealedText = new byte[NonceLength + plain.Length + TagLength];
        var nonce = sealedText.AsSpan(0, NonceLength);
        byte[] whole = [.. bound, 0, .. plain];
        HMACSHA256.HashData(key.Nonces, whole).AsSpan(0, NonceLength).CopyTo(nonce);
        using var aes = new AesGcm(key.Texts, TagLength);
        aes.Encrypt(nonce, plain, sealedText.AsSpan(NonceLength, plain.Length), sealedText.AsSpan(NonceLength + plain.Length), bound);
        return $"{options.KeyId}:{Base64Url.EncodeToString(sealedText)}";
    }

    /// <summary>The text that was sealed at this place. A key that is not there any more, or a text that was tampered with, throws: neither is the caller's to mend.</summary>
    public string Open(string sealedText, string place)
    {
        var colon = sealedText.IndexOf(':', StringComparison.Ordinal);
        var id = colon < 0 ? "" : sealedText[..colon];
        if (!keys.TryGetValue(id, out var key)) throw new CryptographicException($"Sealing:Keys has no key '{id}', with which something is sealed.");

        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(sealedText.AsSpan(colon + 1));
        var plain = new byte[bytes.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key.Texts, TagLength);
        aes.Decrypt(bytes[..NonceLength], bytes.Slice(NonceLength, plain.Length), bytes[^TagLength..], plain, Encoding.UTF8.GetBytes(place));
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>Where a column of a record lies.</summary>
    internal static string Place(string table, string column, Guid clientId, Guid id) => $"{table}.{column}/{clientId}/{id}";

    private sealed record Key(byte[] Texts, byte[] Nonces)
    {
        public static Key Of(byte[] secret) => new(
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "texts"u8.ToArray()), HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "nonces"u8.ToArray()));
    }
}

/// <summary>Opens what is sealed in one record.</summary>
internal readonly record struct SealedRecord(Seals Seals, string Table, Guid ClientId, Guid Id)
{
    /// <summary>The text of a column.</summary>
    public string Open(string column, string value) => Seals.Open(value, Seals.Place(Table, column, ClientId, Id));

    /// <summary>The text of a column that may be empty.</summary>
    public string? OpenAny(string column, string? value) => value is null ? null : Open(column, value);

    /// <summary>It, sealed.</summary>
    public string Seal(string column, string value) => Seals.Seal(value, Seals.Place(Table, column, ClientId, Id));
}
