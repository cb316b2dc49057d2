using System.Text.RegularExpressions;

namespace MediaPlatform.Architecture.Tests;

/// <summary>Layers and areas look in one direction. Each rule is shown to be able to fail by a planted violation.</summary>
internal sealed partial class DirectionsTests
{
    /// <summary>What a layer may name of the others.</summary>
    private static readonly Dictionary<string, string[]> MayName = new(StringComparer.Ordinal)
    {
        ["Domain"] = [],
        ["Application"] = ["Domain"],
        ["Infrastructure"] = ["Domain", "Application"],
        ["Api"] = ["Domain", "Application", "Infrastructure"],
        ["Worker"] = ["Domain", "Application", "Infrastructure"],
    };

    /// <summary>An area may name those before it.</summary>
    private static readonly string[] Areas = ["Access", "Jobs", "Audit", "Tagging", "Schema", "Media", "Production", "Publication", "Library", "Episodes", "Generation", "Search", "Exports"];

    [Test]
    public void Layers_look_inwards() => Assert.That(LayerViolations(SourceTree.Product), Is.Empty);

    [Test]
    public void Areas_look_at_those_before_them() => Assert.That(AreaViolations(SourceTree.Product), Is.Empty);

    [Test]
    public void The_domain_is_pure() => Assert.That(Impurities(SourceTree.Product), Is.Empty);

    [Test]
    public void Sql_and_its_libraries_stay_in_infrastructure() => Assert.That(
        SourceTree.Product.Where(file => file.Layer is "Domain" or "Application" && DataAccess().IsMatch(file.Text)).Select(file => file.Path), Is.Empty);

    [Test]
    public void A_planted_violation_of_each_rule_is_found()
    {
        Assert.Multiple(() =>
        {
            Assert.That(LayerViolations([new("src/Application/Media/Planted.cs", "using MediaPlatform.Infrastructure.Postgres;")]), Has.Count.EqualTo(1));
            Assert.That(LayerViolations([new("src/Domain/Media/Planted.cs", "var x = MediaPlatform.Application.Query.NearestName.Of(a, b);")]), Has.Count.EqualTo(1));
            Assert.That(AreaViolations([new("src/Application/Access/Planted.cs", "using MediaPlatform.Domain.Media;")]), Has.Count.EqualTo(1));
            Assert.That(Impurities([new("src/Domain/Jobs/Planted.cs", "public async Task<int> Run() => await File.ReadAllTextAsync(path);")]), Has.Count.EqualTo(1));
        });
    }

    private static List<string> LayerViolations(IEnumerable<SourceFile> files) =>
    [
        .. from file in files
           from Match named in AnyLayer().Matches(file.Text)
           let layer = named.Groups["layer"].Value
           where layer != file.Layer && !MayName[file.Layer].Contains(layer)
           select $"{file.Path} names {named.Value}",
    ];

    private static List<string> AreaViolations(IEnumerable<SourceFile> files) =>
    [
        .. from file in files
           let own = Array.IndexOf(Areas, file.Folder)
           where own >= 0
           from Match named in AnyArea().Matches(file.Text)
           let other = Array.IndexOf(Areas, named.Groups["area"].Value)
           where other > own
           select $"{file.Path} names {named.Value}",
    ];

    private static List<string> Impurities(IEnumerable<SourceFile> files) =>
        [.. files.Where(file => file.Layer == "Domain" && Impure().IsMatch(file.Text)).Select(file => file.Path)];

    [GeneratedRegex(@"MediaPlatform\.(?<layer>Domain|Application|Infrastructure|Api|Worker)\b", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AnyLayer();

    [GeneratedRegex(@"MediaPlatform\.(Domain|Application|Infrastructure|Api|Worker)\.(?<area>\w+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AnyArea();

    [GeneratedRegex(@"\basync\b|\bTask\b|\bFile\.|\bDateTimeOffset\.UtcNow\b|\bGuid\.(NewGuid|CreateVersion7)\b|System\.IO|System\.Net", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Impure();

    [GeneratedRegex(@"\busing (Dapper|Npgsql|MassTransit|Microsoft\.AspNetCore|Amazon)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DataAccess();
}
