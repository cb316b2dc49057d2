using System.Runtime.CompilerServices;

namespace MediaPlatform.Architecture.Tests;

/// <summary>The C# sources of the product, as text. An area and a layer are namespaces, so a reference to one names it.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Product { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(path => new SourceFile(Path.GetRelativePath(Root, path), File.ReadAllText(path))),
    ];

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}

/// <param name="Path">Relative to the repository, such as <c>src/Domain/Media/Tags.cs</c>.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private readonly string[] parts = Path.Split('/');

    /// <summary>Domain, Application, Infrastructure, Api or Worker.</summary>
    public string Layer => parts[1];

    /// <summary>The folder below the layer; empty at its top.</summary>
    public string Folder => parts.Length > 3 ? parts[2] : "";
}
