using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MediaPlatform.Application.Access;

/// <summary>
/// The token of a guest's session: <c>mpg_</c> and 43 characters, 256 random bits in base64url. It is shown once;
/// its SHA-256 is kept, which needs no salt since the token cannot be guessed.
/// </summary>
public sealed record GuestToken(string Text)
{
    private const string Mark = "mpg_";
    private const int PrefixLength = 12;
    private const int Length = 47;

    /// <summary>A new one.</summary>
    public static GuestToken Create() => new(Mark + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The first characters, by which a person tells sessions apart.</summary>
    public string Prefix => Text[..PrefixLength];

    /// <summary>32 bytes.</summary>
    public byte[] Hash => HashOf(Text);

    /// <summary>Whether a text could be one: it is no token of an issuer's then.</summary>
    public static bool IsShaped(string text) => text.Length == Length && text.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>The hash of whatever a caller sent as a token.</summary>
    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>The prefix alone, so that a log or a debugger shows no secret.</summary>
    public override string ToString() => Prefix + "…";
}

/// <summary>Finds out which guest holds a token. Answers are kept for one second at most, so that an ended session is out within one.</summary>
public interface IGuestTokens
{
    /// <summary>The session of a token that was live when it was last looked up: enough to count its requests by, and for nothing else.</summary>
    Guid? IdOf(string token);

    /// <summary>The holder of a live token, or null.</summary>
    ValueTask<GuestHolder?> Find(string token, CancellationToken cancellationToken);
}

/// <summary>A live session.</summary>
/// <param name="ClientIsDeleted">The client is in the trash.</param>
public sealed record GuestHolder(Guid ClientId, Guid SessionId, Guid GuestId, bool ClientIsDeleted);
