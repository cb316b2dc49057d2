using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MediaPlatform.Application.Access;

/// <summary>
/// The secret of an API key: <c>mp_</c> and 43 characters, 256 random bits in base64url. It is shown once;
/// its SHA-256 is kept, which needs no salt since the secret cannot be guessed.
/// </summary>
public sealed record ApiKeySecret(string Text)
{
    private const int PrefixLength = 11;
    private const int Length = 46;

    /// <summary>A new one.</summary>
    public static ApiKeySecret Create() => new("mp_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The first characters, by which a person tells keys apart.</summary>
    public string Prefix => Text[..PrefixLength];

    /// <summary>32 bytes.</summary>
    public byte[] Hash => HashOf(Text);

    /// <summary>Whether a text could be one: nobody needs to be asked about any other.</summary>
    public static bool IsShaped(string text) => text.Length == Length && text.StartsWith("mp_", StringComparison.Ordinal);

    /// <summary>The hash of whatever a caller sent as a key.</summary>
    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>The prefix alone, so that a log or a debugger shows no secret.</summary>
    public override string ToString() => Prefix + "…";
}
