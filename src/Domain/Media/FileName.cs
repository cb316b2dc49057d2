using System.Globalization;
using System.Text;

namespace MediaPlatform.Domain.Media;

/// <summary>
/// The name of a file as it may be shown, stored and sent in a header: one path segment, without control characters and
/// text-direction overrides, at most 255 bytes of UTF-8. It is never part of a storage key.
/// Unicode normalisation is left to PostgreSQL (<c>normalize(…, nfc)</c>): with invariant globalisation, .NET's own does nothing and does not say so.
/// </summary>
public sealed record FileName
{
    /// <summary>Bytes of UTF-8: the limit of a segment on the usual file systems.</summary>
    public const int MaxBytes = 255;

    /// <summary>What is called nothing.</summary>
    public const string Unnamed = "unnamed";

    private const int MaxExtensionBytes = 16;

    private FileName(string value) => Value = value;

    /// <summary>The name, never empty.</summary>
    public string Value { get; }

    /// <summary>What follows the last dot, in lower case; empty when there is none.</summary>
    public string Extension => ExtensionStart(Value) is var dot and >= 0 ? Value[(dot + 1)..].ToLowerInvariant() : "";

    /// <summary>Makes a safe name of whatever a client declared; <c>unnamed</c> when nothing is left.</summary>
    public static FileName From(string? declared)
    {
        var name = declared ?? "";
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];

        var kept = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (IsShown(rune)) kept.Append(rune.ToString());
        }

        var value = Cut(kept.ToString().Trim(' ', '.'));
        return new FileName(value.Length > 0 ? value : Unnamed);
    }

    /// <summary>The name with another ending in place of its own.</summary>
    public FileName WithExtension(string extension) => From($"{(ExtensionStart(Value) is var dot and > 0 ? Value[..dot] : Value)}.{extension}");

    /// <summary>The name.</summary>
    public override string ToString() => Value;

    /// <summary>Not a control character, a line separator, an override of the text's direction (which shows "exe.jpg" for "gpj.exe"), or half a surrogate pair.</summary>
    private static bool IsShown(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && rune.Value is not ((>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF or 0xFFFD);

    private static string Cut(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MaxBytes) return name;

        var dot = ExtensionStart(name);
        var extension = dot > 0 && Encoding.UTF8.GetByteCount(name.AsSpan(dot)) <= MaxExtensionBytes ? name[dot..] : "";
        var room = MaxBytes - Encoding.UTF8.GetByteCount(extension);

        var kept = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if (room < rune.Utf8SequenceLength) break;
            room -= rune.Utf8SequenceLength;
            kept += rune.Utf16SequenceLength;
        }

        return name[..kept].TrimEnd(' ', '.') + extension;
    }

    private static int ExtensionStart(string name) => name.LastIndexOf('.');
}
