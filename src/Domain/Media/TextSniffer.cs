using System.Text;

namespace MediaPlatform.Domain.Media;

/// <summary>
/// Recognises text, and the kinds of text that matter: pictures written as text, pages that a browser would run,
/// and playlists, which make a player open what they name.
/// </summary>
internal static class TextSniffer
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static FileFormat? Detect(ReadOnlySpan<byte> head)
    {
        if (Decode(head) is not { } text) return null;

        text = text.TrimStart();
        if (IsPlaylist(text)) return FileFormats.Playlist;

        var markup = SkipProlog(text);
        if (Opens(markup, "svg") || Opens(markup, "svg:svg")) return FileFormats.Svg;
        if (Opens(markup, "MPD") || Opens(markup, "SmoothStreamingMedia") || Opens(markup, "smil") || Opens(markup, "asx")) return FileFormats.Playlist;
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || Opens(markup, "html") || Opens(markup, "head") || Opens(markup, "body") || Opens(markup, "script")) return FileFormats.Html;
        return FileFormats.PlainText;
    }

    private static bool IsPlaylist(string text) =>
        text.StartsWith("#EXTM3U", StringComparison.OrdinalIgnoreCase) || text.StartsWith("#EXTINF", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("ffconcat version", StringComparison.Ordinal) || text.StartsWith("[playlist]", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("v=0\r\no=", StringComparison.Ordinal) || text.StartsWith("v=0\no=", StringComparison.Ordinal);

    /// <summary>The text when the bytes are UTF-8, or UTF-16 with a mark, without control characters; else null. A character cut at the end is dropped.</summary>
    private static string? Decode(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty) return null;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Printable(Encoding.Unicode.GetString(head[2..(head.Length & ~1)]));
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Printable(Encoding.BigEndianUnicode.GetString(head[2..(head.Length & ~1)]));

        var bytes = head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? head[3..] : head;
        try
        {
            return Printable(StrictUtf8.GetString(bytes[..^CutTail(bytes)]));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? Printable(string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' and not ('\t' or '\n' or '\r' or '\f') or '\u007F') return null;
        }

        return text;
    }

    /// <summary>How many bytes at the end begin a UTF-8 sequence that the head cuts.</summary>
    private static int CutTail(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var b = bytes[^back];
            if (b < 0x80) return 0;
            if (b >= 0xC0) return back < (b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2) ? back : 0;
        }

        return 0;
    }

    /// <summary>What follows the XML declaration, processing instructions, comments and the document type.</summary>
    private static ReadOnlySpan<char> SkipProlog(ReadOnlySpan<char> text)
    {
        while (true)
        {
            text = text.TrimStart();
            var end = text.StartsWith("<?") ? "?>" : text.StartsWith("<!--") ? "-->" : text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) ? DoctypeEnd(text) : null;
            if (end is null) return text;
            var at = text.IndexOf(end, StringComparison.Ordinal);
            if (at < 0) return [];
            text = text[(at + end.Length)..];
        }
    }

    /// <summary>A document type may carry declarations of its own in brackets.</summary>
    private static string DoctypeEnd(ReadOnlySpan<char> text) =>
        text.IndexOf('[') is var bracket and >= 0 && bracket < text.IndexOf('>') ? "]>" : ">";

    private static bool Opens(ReadOnlySpan<char> markup, string element) =>
        markup.Length > element.Length + 1 && markup[0] == '<' && markup[1..].StartsWith(element, StringComparison.OrdinalIgnoreCase)
        && (char.IsWhiteSpace(markup[element.Length + 1]) || markup[element.Length + 1] is '>' or '/');
}
