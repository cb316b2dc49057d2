using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>Where stock photos and videos come from. Section <c>Stock</c>; a provider without a key is not used.</summary>
public sealed partial record StockOptions : IValidatableObject
{
    /// <summary>The providers in the order in which they are asked; none means Pexels, Unsplash, Pixabay. One that is not named is not used.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Photos and videos of pexels.com.</summary>
    public StockAccount Pexels { get; init; } = new() { BaseUrl = "https://api.pexels.com" };

    /// <summary>Photos of unsplash.com.</summary>
    public StockAccount Unsplash { get; init; } = new() { BaseUrl = "https://api.unsplash.com" };

    /// <summary>Photos and videos of pixabay.com.</summary>
    public StockAccount Pixabay { get; init; } = new() { BaseUrl = "https://pixabay.com" };

    /// <summary>For one request, from the connection to the last byte of the answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Stock:Timeout must be from 0.1 s to 1 min.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a request is made again that failed for a moment.</summary>
    [Range(0, 10, ErrorMessage = "Stock:MaxRetries must be from 0 to 10.")]
    public int MaxRetries { get; init; } = 2;

    /// <summary>The wait before a second attempt; each further one doubles it, times 0.5 to 1 by chance. A provider that says how long to wait is believed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00", ErrorMessage = "Stock:FirstBackoff must be from 0.01 s to 1 min.")]
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>For one question to one provider, with all attempts and waits. A wait that would go beyond is not begun.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00", ErrorMessage = "Stock:Patience must be from 0.1 s to 10 min.")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an answer is given again without asking; Pixabay's terms want a day. 0 for not at all.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00", ErrorMessage = "Stock:KeepAnswers must be from 0 to 7 days.")]
    public TimeSpan KeepAnswers { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Width times height. What has more is not offered: it would be downloaded and then be refused by the worker, which has the same limits.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "Stock:MaxPixels must be at least 1.")]
    public int MaxPixels { get; init; } = 50_000_000;

    /// <summary>The names that <see cref="Providers"/> may have, in the order that holds without it.</summary>
    internal static IReadOnlyList<string> Names { get; } = ["pexels", "unsplash", "pixabay"];

    /// <inheritdoc cref="Providers"/>
    internal IEnumerable<string> Order => (Providers.Count > 0 ? Providers : Names).Where(name => AccountOf(name).Key.Length > 0);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var name in Providers.Where(name => !Names.Contains(name))) yield return new($"Stock:Providers has '{name}', which is none of {string.Join(", ", Names)}.");
        foreach (var same in Providers.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1)) yield return new($"Stock:Providers has '{same.Key}' twice.");
        foreach (var (section, account) in new[] { (nameof(Pexels), Pexels), (nameof(Unsplash), Unsplash), (nameof(Pixabay), Pixabay) })
        {
            // Neither value is repeated: the one is a secret, and the other may have one in it.
            if (account.Key.Length > 0 && !PlainKey().IsMatch(account.Key)) yield return new($"Stock:{section}:Key must be 1 to 200 printable characters of ASCII without spaces.");
            if (!account.IsAddress) yield return new($"Stock:{section}:BaseUrl must be an https address without user, query and fragment, such as https://api.example.");
            else if (!account.IsSafe) yield return new($"Stock:{section}:BaseUrl must be an https address, since keys are sent there; http is for loopback alone.");
        }
    }

    internal StockAccount AccountOf(string name) => name switch
    {
        "pexels" => Pexels,
        "unsplash" => Unsplash,
        "pixabay" => Pixabay,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "This is no stock provider."),
    };

    [GeneratedRegex(@"^[!-~]{1,200}\z", RegexOptions.NonBacktracking)]
    private static partial Regex PlainKey();
}

/// <summary>What one provider is asked with.</summary>
public sealed record StockAccount
{
    /// <summary>The key that the provider has given; empty where it is not used.</summary>
    public string Key { get; init; } = "";

    /// <summary>What the addresses of its API begin with.</summary>
    public string BaseUrl { get; init; } = "";

    internal bool IsAddress =>
        Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.IdnHost.Length > 0 && url.UserInfo.Length == 0 && url.Query.Length == 0
        && url.Fragment.Length == 0;

    /// <summary>Keys that go over a network in the clear are anybody's.</summary>
    internal bool IsSafe => new Uri(BaseUrl) is var url && (url.Scheme == Uri.UriSchemeHttps || url.IsLoopback);

    /// <summary>Without the key, wherever it is written.</summary>
    public override string ToString() => $"{nameof(StockAccount)} at {BaseUrl}";
}
