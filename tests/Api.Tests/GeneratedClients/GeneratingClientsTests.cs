using System.Diagnostics;
using System.Security.Cryptography;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.GeneratedClients;

/// <summary>Whoever generates a client from the document gets one that compiles and works.</summary>
internal sealed class GeneratingClientsTests
{
    private static readonly string Source = Path.Combine(Repository, "tests/Api.Tests/GeneratedClients/typescript");

    [Test]
    public async Task A_typescript_client_compiles_and_runs_a_flow()
    {
        await using var platform = await Platform.Start();
        var home = await Installed();
        await File.WriteAllBytesAsync(Path.Combine(home, "openapi.json"), (await platform.Tenant.Get("/swagger/v1/swagger.json")).Bytes);

        await Run(home, "node_modules/.bin/openapi-typescript", "openapi.json", "--output", "schema.ts");
        await Run(home, "node_modules/.bin/tsc", "--project", "tsconfig.json");
        var flow = await Run(home, "node", "out/flow.js", platform.Address.ToString().TrimEnd('/'), platform.Tenant.Key);

        Assert.That(flow, Does.StartWith("done: "));
    }

    /// <summary>The generator and the compiler, kept for the next run as long as the same ones are asked for.</summary>
    private static async Task<string> Installed()
    {
        var wanted = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Source, "package-lock.json"))))[..16];
        var home = Path.Combine(Path.GetTempPath(), $"mediaplatform-typescript-{wanted}");
        Directory.CreateDirectory(home);
        foreach (var file in Directory.EnumerateFiles(Source)) File.Copy(file, Path.Combine(home, Path.GetFileName(file)), overwrite: true);
        if (!File.Exists(Path.Combine(home, "node_modules/.package-lock.json"))) await Run(home, "npm", "ci", "--silent");
        return home;
    }

    private static async Task<string> Run(string home, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program.Contains('/', StringComparison.Ordinal) ? Path.Combine(home, program) : program, arguments)
        {
            WorkingDirectory = home, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{await output}\n{await error}");
        return await output;
    }

    private static string Repository
    {
        get
        {
            var at = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(at!.FullName, "MediaPlatform.sln"))) at = at.Parent;
            return at.FullName;
        }
    }
}
