using System.Globalization;

namespace MediaPlatform.Bench;

/// <summary>One line of the table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The figure that is held against the bar: a ratio, a rate or milliseconds.</param>
/// <param name="Bar">What it must reach; null where it is only shown.</param>
/// <param name="Details">What the figure was made of, and how it was measured.</param>
public sealed record Measurement(string Name, double Value, Bar? Bar, string Details)
{
    public bool Missed => Bar is not null && !Bar.IsReachedBy(Value);

    public string Verdict => Bar is null ? "" : $"{(Missed ? "MISSED" : "holds")} ({Bar})";

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>At least, or less than, so much.</summary>
public sealed record Bar(double Limit, bool IsFloor)
{
    public static Bar AtLeast(double limit) => new(limit, IsFloor: true);

    public static Bar Below(double limit) => new(limit, IsFloor: false);

    public bool IsReachedBy(double value) => IsFloor ? value >= Limit : value < Limit;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsFloor ? "≥" : "<")} {Limit}");
}
