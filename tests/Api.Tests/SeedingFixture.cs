using System.Diagnostics;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests;

/// <summary>A seed of <c>./dev seed</c>, as its script makes it.</summary>
internal abstract class SeedingFixture : PlatformFixture
{
    private string folder = "";

    [OneTimeSetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("seed-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    /// <summary>How many records each of these lists has, up to 200.</summary>
    protected async Task<string> Counts(params string[] lists)
    {
        List<string> counts = [];
        foreach (var list in lists) counts.Add($"{list} {(await Owner.Get($"/{list}?limit=200")).Data.AsArray().Count}");
        return string.Join(", ", counts);
    }

    /// <summary>Runs the script, and gives what it says.</summary>
    protected async Task<string> Seed(string script, params string[] arguments)
    {
        var key = Path.Combine(folder, "key");
        await File.WriteAllTextAsync(key, Owner.Key);
        var start = new ProcessStartInfo("bash", [PathOf(script), Platform.Address.ToString().TrimEnd('/'), key, Path.Combine(folder, "media"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await errors);
        return output;
    }

    private static string PathOf(string script)
    {
        for (var place = new DirectoryInfo(AppContext.BaseDirectory); place is not null; place = place.Parent)
        {
            var path = Path.Combine(place.FullName, "scripts", script);
            if (File.Exists(path)) return path;
        }

        throw new FileNotFoundException($"There is no scripts/{script} above the tests.");
    }
}
