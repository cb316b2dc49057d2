using System.Globalization;
using MediaPlatform.Bench;
using MediaPlatform.Bench.Episodes;
using MediaPlatform.Bench.Faults;
using MediaPlatform.Bench.Imaging;
using MediaPlatform.Bench.Jobs;
using MediaPlatform.Bench.Library;
using MediaPlatform.Bench.Media;
using MediaPlatform.Bench.Production;
using MediaPlatform.Bench.Publication;
using MediaPlatform.Bench.Reading;

string[] names = ["rendering", "jobs", "reading", "similar", "episodes", "people", "imports", "library", "ingest", "uploads", "faults"];
string[] switches = ["--check", "--keep", "--plans"];
Dictionary<string, double> numbers = new(StringComparer.Ordinal) { ["--minutes"] = 5, ["--seed"] = Random.Shared.Next(1_000_000) };
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [JobsBench.WorkerArgument])
{
    await JobsBench.RunWorker();
    return 0;
}

if (args is [BareApi.Argument, var bareClient, var bareSql])
{
    await BareApi.Run(Guid.Parse(bareClient), bareSql);
    return 0;
}

List<string> words = [];
for (var at = 0; at < args.Length; at++)
{
    if (numbers.ContainsKey(args[at]) && double.TryParse(args.ElementAtOrDefault(at + 1), out var number) && number >= 0) numbers[args[at++]] = number;
    else words.Add(args[at]);
}

if (words.Except([.. names, .. switches], StringComparer.Ordinal).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no \"{unknown}\"; there are {string.Join(", ", names)}, and {string.Join(", ", switches)}, {string.Join(" N, ", numbers.Keys)} N. See bench/README.md.");
    return 2;
}

// who wants figures does not wait for the faults; who wants the bars wants them all
var usual = words.Contains("--check") ? names : names[..^1];
var chosen = names.Intersect(words, StringComparer.Ordinal).ToArray() is { Length: > 0 } some ? some : usual;
var plans = words.Contains("--plans") ? Path.Combine(AppContext.BaseDirectory, "plans.txt") : null;
if (plans is not null) File.Delete(plans);
List<Measurement> measured = [];
foreach (var name in chosen)
{
    Console.Error.WriteLine($"Measuring {name}.");
    measured.AddRange(name switch
    {
        "rendering" => await Rendering(),
        "jobs" => await JobsBench.Run(CancellationToken.None),
        "reading" => await ReadingBench.Run(words.Contains("--keep"), plans, CancellationToken.None),
        "similar" => await SimilarBench.Run(words.Contains("--keep"), CancellationToken.None),
        "episodes" => await EpisodesBench.Run(words.Contains("--keep"), plans, CancellationToken.None),
        "people" => await PeopleBench.Run(words.Contains("--keep"), plans, CancellationToken.None),
        "imports" => await ImportsBench.Run(CancellationToken.None),
        "library" => await LibraryBench.Run(words.Contains("--keep"), CancellationToken.None),
        "uploads" => await HugeUploadBench.Run(CancellationToken.None),
        "faults" => await FaultsBench.Run(TimeSpan.FromMinutes(numbers["--minutes"]), (int)numbers["--seed"]),
        _ => await IngestBench.Run(CancellationToken.None),
    });
}

foreach (var line in measured) Console.WriteLine($"{line.Name,-44} {line.Value,8:0.00}  {line.Verdict,-18} {line.Details}");

var missed = measured.Where(line => line.Missed).ToArray();
foreach (var line in missed) Console.Error.WriteLine($"Missed: {line.Name} is {line.Value:0.00} and must be {line.Bar}.");
return words.Contains("--check") && missed.Length > 0 ? 1 : 0;

static async Task<Measurement[]> Rendering()
{
    var result = await RenderingBench.Run(rounds: 9, CancellationToken.None);
    return
    [
        new("rendering of 12 MP JPEGs ÷ sharp", result.OverSharp, Bar.AtLeast(RenderingBench.Bar), $"{result.Ours:0.00}/s, sharp {result.Sharp:0.00}/s ({result.SharpSetting}); to 1280, 640, 400 and 320 px"),
        new("rendering of 12 MP JPEGs ÷ vipsthumbnail", result.OverVipsThumbnail, Bar: null, $"vipsthumbnail {result.VipsThumbnail:0.00}/s"),
    ];
}
