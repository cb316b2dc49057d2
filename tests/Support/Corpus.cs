namespace MediaPlatform.Tests.Support;

/// <summary>
/// Real files outside of the repository, where <c>TEST_CORPUS</c> says or in a folder <c>shared/corpus</c> beside it, used where they are. No test needs them: each makes
/// files of its own, and has nothing more to look at when the folder is absent.
/// </summary>
public static class Corpus
{
    /// <summary>The files of one of its folders, in order of name; none when it is absent.</summary>
    public static IReadOnlyList<string> Files(string folder)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("TEST_CORPUS") ?? Path.Combine(RepositoryRoot, "..", "shared", "corpus"), folder);
        return Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>One file; null when it is absent.</summary>
    public static string? File(string folder, string name) => Files(folder).FirstOrDefault(path => Path.GetFileName(path) == name);

    public static string RepositoryRoot { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (folder.EnumerateFiles("*.sln").Any()) return folder.FullName;
        throw new DirectoryNotFoundException("The tests do not lie in the repository.");
    }
}
