using System.Globalization;
using MediaPlatform.Bench;
using MediaPlatform.Bench.Imaging;
using MediaPlatform.Bench.Jobs;
using MediaPlatform.Bench.Media;

string[] names = ["rendering", "jobs", "reading", "ingest"];
string[] switches = ["--check", "--keep", "--plans"];
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [JobsBench.WorkerArgument])
{
    await JobsBench.RunWorker();
    return 0;
}

if (args.Except([.. names, .. switches], StringComparer.Ordinal).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no \"{unknown}\"; there are {string.Join(", ", names)}, and the switches {string.Join(", ", switches)}. See bench/README.md.");
    return 2;
}

var chosen = names.Intersect(args, StringComparer.Ordinal).ToArray() is { Length: > 0 } some ? some : names;
List<Measurement> measured = [];
foreach (var name in chosen)
{
    Console.Error.WriteLine($"Measuring {name}.");
    measured.AddRange(name switch
    {
        "rendering" => await Rendering(),
        "jobs" => await JobsBench.Run(CancellationToken.None),
        "reading" => await ReadingBench.Run(args.Contains("--keep"), args.Contains("--plans") ? Path.Combine(AppContext.BaseDirectory, "plans.txt") : null, CancellationToken.None),
        _ => await IngestBench.Run(CancellationToken.None),
    });
}

foreach (var line in measured) Console.WriteLine($"{line.Name,-44} {line.Value,8:0.00}  {line.Verdict,-18} {line.Details}");

var missed = measured.Where(line => line.Missed).ToArray();
foreach (var line in missed) Console.Error.WriteLine($"Missed: {line.Name} is {line.Value:0.00} and must be {line.Bar}.");
return args.Contains("--check") && missed.Length > 0 ? 1 : 0;

static async Task<Measurement[]> Rendering()
{
    var result = await RenderingBench.Run(rounds: 9, CancellationToken.None);
    return
    [
        new("rendering of 12 MP JPEGs ÷ sharp", result.OverSharp, Bar.AtLeast(RenderingBench.Bar), $"{result.Ours:0.00}/s, sharp {result.Sharp:0.00}/s ({result.SharpSetting}); to 1280, 640, 400 and 320 px"),
        new("rendering of 12 MP JPEGs ÷ vipsthumbnail", result.OverVipsThumbnail, Bar: null, $"vipsthumbnail {result.VipsThumbnail:0.00}/s"),
    ];
}
