using System.Text.RegularExpressions;

namespace MediaPlatform.Architecture.Tests;

/// <summary>Holds <c>docs/walks.md</c> to the code: every file that a step names is there, and so is each method behind its arrow.</summary>
internal sealed partial class WalksTests
{
    private static readonly string[] Sources = Directory.GetFiles(Path.Combine(SourceTree.Root, "src"), "*.cs", SearchOption.AllDirectories);

    [Test]
    public async Task Every_file_and_method_of_a_walk_is_there()
    {
        var steps = Step().Matches(await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs/walks.md")));
        var missing = new List<string>();
        foreach (Match step in steps)
        {
            var file = step.Groups["file"].Value;
            var code = string.Concat(Sources.Where(source => source.EndsWith($"/{file}", StringComparison.Ordinal)).Select(File.ReadAllText));
            if (code.Length == 0) missing.Add(file);
            missing.AddRange(
                from Capture method in step.Groups["method"].Captures
                let name = method.Value.Split('(')[0].Split('.')[^1]
                where !Regex.IsMatch(code, $@"\b{name}\b", RegexOptions.None, TimeSpan.FromSeconds(1))
                select $"{file} → {method.Value}");
        }

        Assert.That(steps, Has.Count.GreaterThan(80));
        Assert.That(missing, Is.Empty);
    }

    [GeneratedRegex(@"`(?<file>[\w/.]+\.cs)`(?: → `(?<method>[^`]+)`(?:, `(?<method>[^`.]+)`(?! →))*)?", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Step();
}
