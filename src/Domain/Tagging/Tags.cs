namespace MediaPlatform.Domain.Tagging;

/// <summary>Tags are kept as written, but lower case and trimmed; the database composes them (NFC), as it does file names.</summary>
public static class Tags
{
    public const int MaxCount = 200;
    public const int MaxLength = 100;

    /// <summary>Something to see, and not too much of it.</summary>
    public static bool IsTag(string text) => text.Trim() is { Length: > 0 and <= MaxLength };

    /// <summary>As they are stored: each once, in the order given.</summary>
    public static string[] Normalise(IEnumerable<string> tags) =>
        [.. tags.Select(tag => tag.Trim().ToLowerInvariant()).Distinct(StringComparer.Ordinal)];
}
