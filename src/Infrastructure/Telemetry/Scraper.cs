using MediaPlatform.Infrastructure.Jobs;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MediaPlatform.Infrastructure.Telemetry;

/// <summary>Collects all instruments when it is asked, and what the database says of the queue with them.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class Scraper(QueueFigures queue) : BaseExporter<Metric>, IPullMetricExporter
{
    private const int PatienceMilliseconds = 5_000;

    private readonly Lock gate = new();
    private PrometheusText text = new();

    /// <summary>Set by the reader that this is given to.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>In <see cref="PrometheusText"/>'s format.</summary>
    public async Task<string> Scrape()
    {
        var waiting = await queue.Read();
        lock (gate)
        {
            text = new();
            Collect?.Invoke(PatienceMilliseconds);
            waiting.Write(text);
            return text.ToString();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch) text.Add(metric);
        return ExportResult.Success;
    }
}
