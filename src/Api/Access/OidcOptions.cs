using System.ComponentModel.DataAnnotations;
using System.Net;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Api.Access;

/// <summary>Whose tokens let people in. Section <c>Oidc</c>; without an issuer there are keys alone.</summary>
public sealed record OidcOptions : IValidatableObject
{
    /// <summary>The issuers that are trusted.</summary>
    public IReadOnlyList<OidcIssuer> Issuers { get; init; } = [];

    /// <summary>The longest wait for an issuer to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Oidc:Timeout must be from 0.1 s to 1 min.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often keys are read again.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00", ErrorMessage = "Oidc:KeysAge must be from 1 min to 7 days.")]
    public TimeSpan KeysAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The shortest time between two readings for a token with an unknown key: strangers make up as many of those as they like.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "Oidc:KeysPause must be from 0 to 1 h.")]
    public TimeSpan KeysPause { get; init; } = TimeSpan.FromSeconds(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var same in Issuers.GroupBy(issuer => issuer.Issuer, StringComparer.Ordinal).Where(group => group.Count() > 1)) yield return new($"Oidc:Issuers has '{same.Key}' twice.");
        foreach (var wrong in Issuers.SelectMany((issuer, index) => issuer.Faults($"Oidc:Issuers:{index}"))) yield return new(wrong);
    }
}

/// <summary>One issuer.</summary>
public sealed record OidcIssuer
{
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(10);

    /// <summary>What stands in its tokens as <c>iss</c>, to the letter.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>Its discovery document; <c>{Issuer}/.well-known/openid-configuration</c> unless it lies elsewhere.</summary>
    public Uri? MetadataAddress { get; init; }

    /// <summary>Its keys; where the discovery document says, unless it has none.</summary>
    public Uri? KeysAddress { get; init; }

    /// <summary>What <c>aud</c> may be.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>The applications whose tokens are taken: <c>client_id</c> or <c>azp</c>, and <c>aud</c> of id tokens.</summary>
    public IReadOnlyList<string> ClientIds { get; init; } = [];

    /// <summary>Whether a verified email of this issuer makes the connection to a user. Not for an issuer that verifies what others own.</summary>
    public bool LinksByEmail { get; init; } = true;

    /// <summary>The claim that has a person's groups.</summary>
    public string GroupsClaim { get; init; } = "cognito:groups";

    /// <summary>The most that a member may be by being in a group; without any, groups do not count. Who is in none of them is nobody.</summary>
    public IReadOnlyDictionary<string, Role> Groups { get; init; } = new Dictionary<string, Role>();

    /// <summary>How far its clock may be off.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The discovery document's address.</summary>
    internal Uri Metadata => MetadataAddress ?? new Uri(Issuer.TrimEnd('/') + "/.well-known/openid-configuration");

    /// <summary>Keys that come over a network in the clear could be anybody's.</summary>
    internal static bool IsSafe(Uri address) => address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IsLoopback(address)));

    internal IEnumerable<string> Faults(string section)
    {
        if (Issuer.Length is 0 or > 500) yield return $"{section}:Issuer must be set, to what its tokens have as iss.";
        else if (KeysAddress is null && MetadataAddress is null && !(Uri.TryCreate(Issuer, UriKind.Absolute, out var address) && IsSafe(address)))
            yield return $"{section}:Issuer is no https address; set {section}:MetadataAddress or {section}:KeysAddress.";
        if (MetadataAddress is not null && !IsSafe(MetadataAddress)) yield return $"{section}:MetadataAddress must be an https address; http is for loopback alone.";
        if (KeysAddress is not null && !IsSafe(KeysAddress)) yield return $"{section}:KeysAddress must be an https address; http is for loopback alone.";
        if (Audiences.Count == 0 && ClientIds.Count == 0) yield return $"{section}:Audiences or {section}:ClientIds must be set; otherwise tokens for any other application would let in.";
        if (Audiences.Any(string.IsNullOrWhiteSpace) || ClientIds.Any(string.IsNullOrWhiteSpace)) yield return $"{section}:Audiences and {section}:ClientIds must not have empty entries.";
        if (ClockSkew < TimeSpan.Zero || ClockSkew > MostSkew) yield return $"{section}:ClockSkew must be from 0 to 10 min.";
        if (Groups.Count > 0 && GroupsClaim.Length == 0) yield return $"{section}:GroupsClaim must be set where {section}:Groups is.";
    }

    private static bool IsLoopback(Uri address) => address.IsLoopback || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
}
