using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.HttpOverrides;

namespace MediaPlatform.Api.Http;

/// <summary>Which pages of browsers may read answers. Section <c>Cors</c>.</summary>
public sealed record CrossOriginOptions : IValidatableObject
{
    private const string Everywhere = "*";

    /// <summary>Such as <c>https://studio.example</c>; <c>*</c> for all, since no credential is one that a browser sends by itself. None by default.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>How long a browser may keep what it was told.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ErrorMessage = "Cors:MaxAge must be from 0 to 1 day.")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(10);

    internal bool IsForAll => Origins.Contains(Everywhere);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var origin in Origins.Where(origin => origin != Everywhere && !IsOrigin(origin)))
            yield return new($"Cors:Origins has '{origin}', which is no origin such as https://studio.example (scheme, host and port alone).");
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && text == uri.GetLeftPart(UriPartial.Authority);
}

/// <summary>What stands between clients and the API. Section <c>Edge</c>.</summary>
public sealed record EdgeOptions : IValidatableObject
{
    /// <summary>Addresses of proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> count, as networks: <c>10.0.0.0/8</c>. None by default: anybody can send those headers.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>How many proxies stand in a row.</summary>
    [Range(1, 10, ErrorMessage = "Edge:Hops must be 1 to 10.")]
    public int Hops { get; init; } = 1;

    /// <summary>For how long browsers speak https alone once they did (HSTS); 0 for not saying so.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1000.00:00:00", ErrorMessage = "Edge:HstsMaxAge must be from 0 to 1000 days.")]
    public TimeSpan HstsMaxAge { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in Proxies.Where(network => !System.Net.IPNetwork.TryParse(network, out _)))
            yield return new($"Edge:Proxies has '{network}', which is not an address and the length of its prefix, such as 10.0.0.0/8.");
    }

    internal ForwardedHeadersOptions Forwarded()
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = Hops };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var network in Proxies) options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        return options;
    }
}
