namespace MediaPlatform.Domain.Media;

/// <summary>SHA-256 as people write it.</summary>
public static class Hashes
{
    /// <summary>What is expected, as a sentence.</summary>
    public const string Expected = "A SHA-256 is 64 hexadecimal digits.";

    private const int Digits = 64;

    /// <summary>Whether this is one, or null.</summary>
    public static bool IsSha256(string? text) => text is null || (text.Length == Digits && text.All(char.IsAsciiHexDigit));

    /// <summary>Its 32 bytes; null for null.</summary>
    public static byte[]? Parse(string? text) => text is null ? null : Convert.FromHexString(text);
}
