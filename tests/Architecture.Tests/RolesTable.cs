namespace MediaPlatform.Architecture.Tests;

/// <summary>A row of the table of roles: the lowest role of an operation, as people read it.</summary>
internal sealed record Row(string Method, string Path, string Role)
{
    public override string ToString() => $"| {Method} | `{Path}` | {Role} |";
}

/// <summary><c>docs/roles.md</c>. The sweeps are driven by it, and it is held to the routes, so that it cannot go stale.</summary>
internal static class RolesTable
{
    public const string Path = "docs/roles.md";

    /// <summary>Without a credential.</summary>
    public const string Open = "open";

    /// <summary>With any live credential.</summary>
    public const string Any = "any";

    public static async Task<IReadOnlyList<Row>> Read()
    {
        var lines = await File.ReadAllLinesAsync(System.IO.Path.Combine(SourceTree.Root, Path));
        return
        [
            .. from line in lines
               let cells = line.Split('|', StringSplitOptions.TrimEntries)
               where cells is ["", "GET" or "POST" or "PUT" or "PATCH" or "DELETE", _, _, ""]
               select new Row(cells[1], cells[2].Trim('`'), cells[3]),
        ];
    }
}
