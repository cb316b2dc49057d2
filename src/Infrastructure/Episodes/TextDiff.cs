using System.Text.RegularExpressions;
using DiffPlex;
using MediaPlatform.Application.Episodes;

namespace MediaPlatform.Infrastructure.Episodes;

/// <summary>How two texts differ, in pieces that make up both of them to the character.</summary>
internal static partial class TextDiff
{
    /// <summary>The pieces, neighbours of a kind put together; of a change what was deleted stands first.</summary>
    /// <param name="most">The most lines or words of both that are compared: time grows with its square.</param>
    /// <returns>Null where there are more.</returns>
    public static DiffChunk[]? Of(string from, string to, DiffBy by, int most)
    {
        var (before, after) = (Split(from, by), Split(to, by));
        var shorter = Math.Min(before.Length, after.Length);
        var start = 0;
        while (start < shorter && before[start] == after[start]) start++;
        var end = 0;
        while (end < shorter - start && before[^(end + 1)] == after[^(end + 1)]) end++;
        if (before.Length + after.Length - (2 * (start + end)) > most) return null;

        var diff = new Differ().CreateCustomDiffs(string.Concat(before[start..^end]), string.Concat(after[start..^end]), ignoreWhiteSpace: false, text => Split(text, by));
        var chunks = new List<DiffChunk>();
        Add("equal", before[..start]);
        var at = start;
        foreach (var block in diff.DiffBlocks)
        {
            Add("equal", before[at..(start + block.DeleteStartA)]);
            at = start + block.DeleteStartA + block.DeleteCountA;
            Add("deleted", before[(start + block.DeleteStartA)..at]);
            Add("inserted", after.AsSpan(start + block.InsertStartB, block.InsertCountB).ToArray());
        }

        Add("equal", before[at..]);
        return [.. chunks];

        void Add(string kind, string[] pieces)
        {
            if (pieces.Length == 0) return;
            var text = string.Concat(pieces);
            if (chunks.Count > 0 && chunks[^1].Kind == kind) chunks[^1] = new(kind, chunks[^1].Text + text);
            else chunks.Add(new(kind, text));
        }
    }

    /// <summary>Each with what ends it: a line with its break, a word with the space after it.</summary>
    private static string[] Split(string text, DiffBy by) => [.. (by is DiffBy.Lines ? Line() : Word()).Matches(text).Select(piece => piece.Value)];

    [GeneratedRegex(@"[^\r\n]*(\r\n|\r|\n)|[^\r\n]+$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Line();

    [GeneratedRegex(@"\S+\s*|^\s+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
