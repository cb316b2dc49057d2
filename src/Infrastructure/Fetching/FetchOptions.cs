using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace MediaPlatform.Infrastructure.Fetching;

/// <summary>What is fetched by URL, and how long it may take. Section <c>Fetch</c>.</summary>
public sealed record FetchOptions : IValidatableObject
{
    /// <summary>
    /// Ports that are connected to; none means 80 and 443. Files for everybody lie there; any other port would let a client knock at
    /// doors of others in our name.
    /// </summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>Networks besides the public internet, such as <c>10.1.0.0/16</c>. Every client may then fetch from them.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Names of hosts whose addresses are not looked at. Every client may then fetch from them.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>For a connection, TLS included, to one host, all its addresses together.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00", ErrorMessage = "Fetch:ConnectTimeout must be from 0.1 s to 5 min.")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may say nothing, and how long the head of an answer may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00", ErrorMessage = "Fetch:IdleTimeout must be from 0.1 s to 10 min.")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that must come in a second, on average over <see cref="IdleTimeout"/>.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "Fetch:MinBytesPerSecond must not be negative.")]
    public int MinBytesPerSecond { get; init; } = 1024;

    /// <summary>For the whole of a file, redirects included.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00", ErrorMessage = "Fetch:TimeLimit must be from 0.1 s to 1 day.")]
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What servers are told of us; some want an address to complain to.</summary>
    [RegularExpression("[!-~][ -~]{0,199}", ErrorMessage = "Fetch:UserAgent must be 1 to 200 printable characters of ASCII.")]
    public string UserAgent { get; init; } = "MediaPlatform";

    /// <summary>For tests: what certificates may come from besides the roots of the system.</summary>
    internal X509Certificate2? Root { get; init; }

    /// <inheritdoc cref="Ports"/>
    internal bool TakesPort(int port) => Ports.Count > 0 ? Ports.Contains(port) : port is 80 or 443;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var port in Ports.Where(port => port is < 1 or > 65535)) yield return new($"Fetch:Ports has {port}, which is no port.");
        foreach (var network in AllowedNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
            yield return new($"Fetch:AllowedNetworks has '{network}', which is not an address and the length of its prefix, such as 10.1.0.0/16.");
        foreach (var host in AllowedHosts.Where(host => Uri.CheckHostName(host) is UriHostNameType.Unknown)) yield return new($"Fetch:AllowedHosts has '{host}', which is no name of a host.");
    }
}
