using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MediaPlatform.Api.Access;

/// <summary>What a token says, once it is known to be true.</summary>
/// <param name="Identity">Null when the token does not let in, for whatever reason; the log has it.</param>
/// <param name="Limit">The most that its groups allow; null where groups do not count.</param>
/// <param name="CountedAs">One id for each person at each issuer, for rate limits.</param>
internal sealed record TokenReading(Identity? Identity, Role? Limit, Guid CountedAs, DateTimeOffset ValidUntil)
{
    public static readonly TokenReading Bad = new(null, null, Guid.Empty, default);
    public static readonly TokenReading Down = new(null, null, Guid.Empty, default) { IssuerIsDown = true };

    /// <summary>Nobody can say now whether it is true.</summary>
    public bool IssuerIsDown { get; private init; }

    /// <summary>It is true, and none of its groups is let in.</summary>
    public bool IsInNoGroup { get; init; }
}

/// <summary>
/// Reads bearer tokens: signed JWTs (RS256 or ES256) of the issuers in the settings. What has been verified is remembered for a minute, so
/// that a signature is checked once and not with every request.
/// </summary>
internal sealed class TokenReader(OidcOptions options, TimeProvider time, ILogger<TokenReader> logger) : IDisposable
{
    private const int MaxLength = 16 * 1024;
    private const int MaxRemembered = 10_000;
    private const int MaxSubject = 255;
    private const int MaxEmail = 320;

    private static readonly TimeSpan Remembers = TimeSpan.FromMinutes(1);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = MaxLength };

    private readonly HttpClient http = IssuerKeys.Client(options.Timeout);
    private readonly ConcurrentDictionary<string, TokenReading> verified = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IssuerKeys> keys = new(StringComparer.Ordinal);

    public async ValueTask<TokenReading> Read(string token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (verified.TryGetValue(token, out var known))
        {
            if (now < known.ValidUntil) return known;
            verified.TryRemove(token, out _);
        }

        try
        {
            var read = await Verify(token, now, cancellationToken);
            if (verified.Count >= MaxRemembered) verified.Clear();
            verified[token] = read;
            return read;
        }
        catch (TokenException exception)
        {
            // The reason and the issuer's name in the settings: nothing that the sender wrote.
            logger.LogInformation("A bearer token was refused: {Reason}", exception.Message);
            return TokenReading.Bad;
        }
        catch (IssuerUnavailableException exception)
        {
            logger.LogWarning(exception, "The keys of {Issuer} cannot be read; its tokens cannot be checked", exception.Issuer);
            return TokenReading.Down;
        }
    }

    public void Dispose()
    {
        http.Dispose();
        foreach (var known in keys.Values) known.Dispose();
    }

    private async Task<TokenReading> Verify(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (token.Length is 0 or > MaxLength) throw new TokenException("it is empty or too long");
        var parts = token.Split('.');
        if (parts.Length != 3) throw new TokenException("it is not a signed token of three parts");

        using var header = Decode(parts[0]);
        using var payload = Decode(parts[1]);
        var algorithm = Text(header.RootElement, "alg");
        if (algorithm is not (SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.EcdsaSha256)) throw new TokenException("its algorithm is neither RS256 nor ES256");
        if (header.RootElement.TryGetProperty("crit", out _)) throw new TokenException("it demands an extension");
        if (Text(header.RootElement, "typ") is { } type && !IsAccess(type)) throw new TokenException("it is a token of another type");

        var claimed = Text(payload.RootElement, "iss");
        var issuer = options.Issuers.FirstOrDefault(issuer => issuer.Issuer == claimed) ?? throw new TokenException("its issuer is not in the settings");
        var known = keys.GetOrAdd(issuer.Issuer, static (_, at) => new IssuerKeys(at.issuer, at.options, at.http, at.time, at.logger), (issuer, options, http, time, logger));
        var key = await known.Find(Text(header.RootElement, "kid"), algorithm, cancellationToken) ?? throw new TokenException($"its key is none of {issuer.Issuer}");

        Check(token, key, issuer, now);
        CheckAudience(payload.RootElement, issuer);
        return Reading(payload.RootElement, issuer, now);
    }

    private static void Check(string token, SecurityKey key, OidcIssuer issuer, DateTimeOffset now)
    {
        var result = Handler.ValidateToken(token, new TokenValidationParameters
        {
            ValidIssuer = issuer.Issuer,
            ValidateAudience = false, // below: a token may have client_id instead
            IssuerSigningKey = key,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (notBefore, expires, _, _) =>
                expires is { } end && now - issuer.ClockSkew < Utc(end) && (notBefore is not { } start || now + issuer.ClockSkew >= Utc(start)), // absent is the least of times
        });
        if (!result.IsValid) throw new TokenException($"{result.Exception?.GetType().Name} with {issuer.Issuer}");

        static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
    }

    /// <summary>
    /// Whom the token is for. Cognito says <c>token_use</c>: its access tokens have <c>client_id</c>, its id tokens have the application as
    /// <c>aud</c>. Others have <c>aud</c>, and <c>client_id</c> or <c>azp</c> beside it.
    /// </summary>
    private static void CheckAudience(JsonElement payload, OidcIssuer issuer)
    {
        var audiences = Texts(payload, "aud");
        var application = Text(payload, "client_id") ?? Text(payload, "azp");
        var isOurs = Text(payload, "token_use") switch
        {
            "access" => application is not null && issuer.ClientIds.Contains(application) && (audiences.Count == 0 || issuer.Audiences.Count == 0 || audiences.Any(issuer.Audiences.Contains)),
            "id" => audiences.Any(audience => issuer.ClientIds.Contains(audience) || issuer.Audiences.Contains(audience)),
            null when payload.TryGetProperty("token_use", out _) => false,
            null when issuer.Audiences.Count > 0 => audiences.Any(issuer.Audiences.Contains) && (issuer.ClientIds.Count == 0 || (application is not null && issuer.ClientIds.Contains(application))),
            null => audiences.Any(issuer.ClientIds.Contains),
            _ => false,
        };
        if (!isOurs) throw new TokenException($"it is for another application of {issuer.Issuer}");
    }

    private static TokenReading Reading(JsonElement payload, OidcIssuer issuer, DateTimeOffset now)
    {
        if (Text(payload, "sub") is not { Length: > 0 and <= MaxSubject } subject || subject.Contains('\0')) throw new TokenException($"{issuer.Issuer} does not say whose it is");
        var email = issuer.LinksByEmail && IsTrue(payload, "email_verified") && Text(payload, "email") is { Length: > 2 and <= MaxEmail } given && !given.Contains('\0')
            ? given.Trim().ToLowerInvariant()
            : null;
        var identity = new Identity(issuer.Issuer, subject, email);
        var expires = DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(payload.GetProperty("exp").GetDouble(), int.MaxValue)) + issuer.ClockSkew;
        var until = now + Remembers;
        var counted = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer.Issuer}\n{subject}")).AsSpan(0, 16));
        if (issuer.Groups.Count == 0) return new(identity, Limit: null, counted, expires < until ? expires : until);

        var roles = Texts(payload, issuer.GroupsClaim).Where(issuer.Groups.ContainsKey).Select(group => issuer.Groups[group]).ToList();
        return new(identity, roles.Count == 0 ? null : roles.Max(), counted, expires < until ? expires : until) { IsInNoGroup = roles.Count == 0 };
    }

    private static JsonDocument Decode(string part)
    {
        try
        {
            var document = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(part), Strict);
            if (document.RootElement.ValueKind is JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // the sentence below says it
        }

        throw new TokenException("it is not made of JSON objects in base64url");
    }

    /// <summary>A JWT says nothing, or that it is one; a logout token and its like must not pass for what lets in.</summary>
    private static bool IsAccess(string type) =>
        type.Equals("JWT", StringComparison.OrdinalIgnoreCase) || type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase) || type.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? Unicode(value) : null;

    private static List<string> Texts(JsonElement from, string name)
    {
        if (!from.TryGetProperty(name, out var value)) return [];
        return value.ValueKind switch
        {
            JsonValueKind.String => [Unicode(value)],
            JsonValueKind.Array => [.. value.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String).Select(Unicode)],
            _ => [],
        };
    }

    private static string Unicode(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new TokenException("it has text that is not Unicode");
        }
    }

    private static bool IsTrue(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && (value.ValueKind is JsonValueKind.True || (value.ValueKind is JsonValueKind.String && value.ValueEquals("true")));

    private sealed class TokenException(string reason) : Exception(reason);
}
