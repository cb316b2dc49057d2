namespace MediaPlatform.Infrastructure.Library;

/// <summary>Texts for providers and of them.</summary>
internal static class StockText
{
    private const int MaxText = 500;
    private const int MaxUrl = 4096;
    private const int MaxTags = 50;

    /// <summary>The first words that have room in so many characters, a space between them. A first word that is longer alone is cut.</summary>
    public static string Query(IEnumerable<string> words, int most)
    {
        var query = "";
        foreach (var word in words.Select(Line).Where(word => word.Length > 0))
        {
            var longer = query.Length == 0 ? Cut(word, most) : $"{query} {word}";
            if (longer.Length > most) break;
            query = longer;
        }

        return query;
    }

    /// <summary>A text on one line, of bounded length; null when there is nothing in it.</summary>
    public static string? Said(string? text) => text is null ? null : Cut(Line(text), MaxText) is { Length: > 0 } said ? said : null;

    /// <summary>Tags without empty and repeated ones.</summary>
    public static IReadOnlyList<string> Tags(IEnumerable<string?>? tags) => [.. (tags ?? []).Select(Said).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxTags)];

    /// <summary>A URL of the web; null when it is something else.</summary>
    public static Uri? Web(string? url) =>
        url is { Length: > 0 and <= MaxUrl } && Uri.TryCreate(url, UriKind.Absolute, out var read) && read.Scheme is "http" or "https" && read.UserInfo.Length == 0 ? read : null;

    private static string Line(string text) => string.Create(text.Length, text, static (line, from) =>
    {
        for (var i = 0; i < from.Length; i++) line[i] = char.IsControl(from[i]) || char.IsWhiteSpace(from[i]) ? ' ' : from[i];
    }).Trim();

    private static string Cut(string text, int most) =>
        text.Length <= most ? text
        : char.IsHighSurrogate(text[most - 1]) ? text[..(most - 1)].TrimEnd()
        : text[..most].TrimEnd();
}
