namespace MediaPlatform.Infrastructure.Library;

/// <summary>How one provider's API wants to be spoken to, beside what is asked.</summary>
/// <param name="Name">What the platform calls it.</param>
/// <param name="Title">What it calls itself.</param>
/// <param name="Account">Where it is, and our key.</param>
internal sealed record StockConventions(string Name, string Title, StockAccount Account)
{
    /// <summary>The headers of each request; one of them may be the key.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What ends each query, its ampersand included: the key, where it goes there.</summary>
    public string SecretQuery { get; init; } = "";

    /// <summary>When more is taken, by the number in X-RateLimit-Reset and the time now; null where there is no such header.</summary>
    public Func<long, DateTimeOffset, DateTimeOffset>? Reset { get; init; }

    /// <summary>When more is taken, as far as anybody knows, where the answer does not say.</summary>
    public required Func<DateTimeOffset, DateTimeOffset> NextWindow { get; init; }

    /// <summary>Without the key.</summary>
    public override string ToString() => Title;

    public static DateTimeOffset NextHour(DateTimeOffset now) => new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(now.UtcDateTime.Hour + 1);
}
