namespace MediaPlatform.Application.Query;

/// <summary>What a caller probably meant by a name that does not exist.</summary>
public static class NearestName
{
    /// <summary>The closest of <paramref name="known"/> when it is close enough to be a slip, else null.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > 100) return null;
        var (best, distance) = (default(string), int.MaxValue);
        foreach (var candidate in known)
        {
            var d = Distance(name, candidate);
            if (d < distance) (best, distance) = (candidate, d);
        }

        return distance <= Math.Max(1, name.Length / 3) ? best : null;
    }

    /// <summary><c> Did you mean "x"?</c>, or nothing: to append to a message.</summary>
    public static string Hint(string name, IEnumerable<string> known) =>
        Of(name, known) is { } nearest ? $" Did you mean \"{nearest}\"?" : "";

    /// <summary>Damerau-Levenshtein (adjacent swaps count one), letters compared without case.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[3][];
        for (var r = 0; r < 3; r++) rows[r] = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) rows[0][j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            var (current, above, twoAbove) = (rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3]);
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(above[j] + 1, current[j - 1] + 1), above[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    current[j] = Math.Min(current[j], twoAbove[j - 2] + 1);
            }
        }

        return rows[a.Length % 3][b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
