using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MediaPlatform.Bench.Reading;

/// <summary>The two load generators, each told what to ask and for how long.</summary>
internal static partial class Load
{
    public const int Connections = 24;
    private const int Threads = 2;

    /// <summary>Requests a second with wrk; any answer but 200 fails the run.</summary>
    /// <param name="script">Lua that sets <c>wrk.path</c> or makes requests.</param>
    public static async Task<double> Wrk(Uri address, string script, TimeSpan duration, CancellationToken cancellationToken)
    {
        var output = await Output("wrk", [$"-t{Threads}", $"-c{Connections}", $"-d{duration.TotalSeconds:0}s", "--timeout", "60s", "-s", script, address.ToString()], cancellationToken);
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal)) throw new InvalidOperationException(output);
        return Number(RequestsPerSecond(), output);
    }

    /// <summary>Transactions a second with pgbench, on the same number of connections, each statement prepared.</summary>
    /// <param name="script">A file of pgbench's own language.</param>
    /// <param name="variables">By name, as text.</param>
    public static async Task<double> PgBench(BenchPlatform platform, string script, IEnumerable<KeyValuePair<string, string>> variables, TimeSpan duration, CancellationToken cancellationToken)
    {
        var output = await Output(
            BenchPlatform.Required("MEDIAPLATFORM_BENCH_PGBENCH"),
            [
                "-n", "-M", "prepared", "-f", script, "-T", $"{duration.TotalSeconds:0}", "-c", $"{Connections}", "-j", $"{Threads}",
                .. variables.SelectMany(variable => new[] { "-D", $"{variable.Key}={variable.Value}" }),
                "-h", platform.Database.Host!, "-p", $"{platform.Database.Port}", "-U", platform.Database.Username!, platform.Database.Database!,
            ],
            cancellationToken,
            ("PGPASSWORD", platform.Database.Password), ("PGOPTIONS", "-c jit=off -c timezone=UTC"));
        return Number(TransactionsPerSecond(), output);
    }

    private static async Task<string> Output(string program, IEnumerable<string> arguments, CancellationToken cancellationToken, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }

    private static double Number(Regex pattern, string output) => pattern.Match(output) is { Success: true } match
        ? double.Parse(match.Groups["rate"].Value, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException(output);

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[\d.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestsPerSecond();

    [GeneratedRegex(@"tps = (?<rate>[\d.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TransactionsPerSecond();
}
