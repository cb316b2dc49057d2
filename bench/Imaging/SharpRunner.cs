using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MediaPlatform.Bench.Imaging;

/// <summary>One long-lived node process with sharp, warm, asked for one round at a time.</summary>
internal sealed class SharpRunner : IAsyncDisposable
{
    private const string Script = """
        const sharp = require('sharp');
        const { files, widths, quality, folder } = JSON.parse(process.argv[2]);
        sharp.cache(false);
        async function round(threads, parallel) {
          sharp.concurrency(threads);
          const tasks = files.flatMap((file, i) => widths.map(width => () =>
            sharp(file).rotate().resize({ width, withoutEnlargement: true }).jpeg({ quality }).toFile(`${folder}/sharp-${i}-${width}.jpg`)));
          const began = process.hrtime.bigint();
          await Promise.all(Array.from({ length: parallel }, async () => { for (let task; (task = tasks.shift());) await task(); }));
          return Number(process.hrtime.bigint() - began) / 1e9;
        }
        require('readline').createInterface({ input: process.stdin }).on('line', async line => {
          const [threads, parallel] = line.split(' ').map(Number);
          console.log(await round(threads, parallel));
        });
        """;

    private readonly Process node;

    private SharpRunner(Process node) => this.node = node;

    public sealed record Setting(int Threads, int Parallel)
    {
        public override string ToString() => $"concurrency {Threads}, {Parallel} in parallel";
    }

    public static async Task<SharpRunner> Start(string folder, string[] files, int[] widths, int quality, CancellationToken cancellationToken)
    {
        var home = Path.Combine(folder, "sharp");
        Directory.CreateDirectory(home);
        await File.WriteAllTextAsync(Path.Combine(home, "package.json"), "{ \"private\": true }", cancellationToken);
        using (var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--silent", "sharp"]) { WorkingDirectory = home })!)
        {
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0) throw new InvalidOperationException($"npm install sharp ended with {npm.ExitCode}.");
        }
        var script = Path.Combine(home, "round.js");
        await File.WriteAllTextAsync(script, Script, cancellationToken);
        var arguments = JsonSerializer.Serialize(new { files, widths, quality, folder });
        return new SharpRunner(Process.Start(new ProcessStartInfo("node", [script, arguments])
        {
            WorkingDirectory = home, RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!);
    }

    /// <summary>The fastest of the sensible settings, each measured three times and judged by its best.</summary>
    public async Task<Setting> BestSetting(CancellationToken cancellationToken)
    {
        var processors = Environment.ProcessorCount;
        Setting[] settings = [new(1, processors), new(1, 2 * processors), new(processors, 1), new(processors, processors)];
        await Seconds(settings[0], cancellationToken); // warm
        var best = new Dictionary<Setting, double>();
        for (var round = 0; round < 3; round++)
            foreach (var setting in settings)
                best[setting] = Math.Min(best.GetValueOrDefault(setting, double.MaxValue), await Seconds(setting, cancellationToken));
        return best.MinBy(entry => entry.Value).Key;
    }

    public async Task<double> Seconds(Setting setting, CancellationToken cancellationToken)
    {
        await node.StandardInput.WriteLineAsync($"{setting.Threads} {setting.Parallel}".AsMemory(), cancellationToken);
        await node.StandardInput.FlushAsync(cancellationToken);
        var answer = await node.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("sharp ended without an answer.");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        node.Kill();
        await node.WaitForExitAsync();
        node.Dispose();
    }
}
