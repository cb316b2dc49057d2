using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MediaPlatform.Infrastructure.Telemetry;

/// <summary>
/// Prometheus's text format, version 0.0.4, with names as OpenMetrics has them: the unit at the end, and <c>_total</c> behind what only grows.
/// See https://prometheus.io/docs/instrumenting/exposition_formats/ and OpenTelemetry's "Prometheus and OpenMetrics Compatibility".
/// </summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Dictionary<string, StringBuilder> byName = new(StringComparer.Ordinal); // in order: nothing is taken out
    private StringBuilder text = new();

    /// <summary>All series of an instrument. Exponential histograms have no form in it and are left out.</summary>
    public void Add(Metric metric)
    {
        var kind = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.Histogram => "histogram",
            MetricType.ExponentialHistogram => null,
            _ => "gauge",
        };
        if (kind is null) return;

        var name = NameOf(metric.Name, metric.Unit, kind);
        var isBegun = false;
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (!isBegun) Head(name, kind, metric.Description);
            isBegun = true;
            var labels = LabelsOf(point.Tags);
            if (kind == "histogram") Histogram(name, labels, point);
            else Sample(name, labels, ValueOf(metric.MetricType, point));
        }
    }

    /// <summary>Begins a gauge; its samples follow.</summary>
    public void Gauge(string name, string help) => Head(name, "gauge", help);

    /// <param name="labels">Such as <c>family="image"</c>.</param>
    public void Sample(string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    public static string Label(string name, string? value) =>
        $"{Identifier(name)}=\"{value?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    public override string ToString() => string.Concat(byName.Values);

    /// <summary>What follows is of this name. The samples of one stand together, whatever they come from.</summary>
    private void Head(string name, string kind, string help)
    {
        if (byName.TryGetValue(name, out var begun))
        {
            text = begun;
            return;
        }

        byName.Add(name, text = new());
        if (help.Length > 0) text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
    }

    private void Histogram(string name, string labels, in MetricPoint point)
    {
        var below = 0L;
        var before = labels.Length > 0 ? labels + "," : "";
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            Sample(name + "_bucket", $"{before}le=\"{Number(bucket.ExplicitBound)}\"", below);
        }

        Sample(name + "_sum", labels, point.GetHistogramSum());
        Sample(name + "_count", labels, point.GetHistogramCount());
    }

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private static string LabelsOf(ReadOnlyTagCollection tags)
    {
        var labels = new List<string>(tags.Count);
        foreach (var (name, value) in tags) labels.Add(Label(name, value is bool yes ? yes ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture)));
        return string.Join(',', labels);
    }

    private static string NameOf(string name, string unit, string kind)
    {
        var suffix = unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", "%" => "_percent", "1" when kind == "gauge" => "_ratio", _ => "" };
        var whole = Identifier(name);
        if (!whole.EndsWith(suffix, StringComparison.Ordinal)) whole += suffix;
        return kind == "counter" && !whole.EndsWith("_total", StringComparison.Ordinal) ? whole + "_total" : whole;
    }

    private static string Identifier(string name) => string.Create(name.Length, name, static (to, from) =>
    {
        for (var i = 0; i < from.Length; i++) to[i] = char.IsAsciiLetter(from[i]) || from[i] == '_' || (i > 0 && char.IsAsciiDigit(from[i])) ? from[i] : '_';
    });

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString(CultureInfo.InvariantCulture);
}
