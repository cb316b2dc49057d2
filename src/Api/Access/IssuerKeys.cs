using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace MediaPlatform.Api.Access;

/// <summary>An issuer's keys are not known and cannot be read.</summary>
internal sealed class IssuerUnavailableException(string issuer, Exception? inner = null) : Exception("The issuer does not answer with its keys.", inner)
{
    public string Issuer => issuer;
}

/// <summary>
/// The public keys of one issuer. They are read when the first token comes, again after a while, and when a token has a key that is not among
/// them, which is how keys are rotated. What is known stays in use while the issuer does not answer.
/// </summary>
internal sealed class IssuerKeys(OidcIssuer issuer, OidcOptions options, HttpClient http, TimeProvider time, ILogger logger) : IDisposable
{
    private const int MaxBytes = 512 * 1024;
    private const int MaxKeys = 100;
    private const int MinRsaBits = 2048;

    // Somebody must not be able to have us ask an issuer that is down with every request.
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    // The library's own cache goes by the name of a key: of two issuers that give the same name, one would be checked by the other's key.
    private static readonly CryptoProviderFactory Uncached = new() { CacheSignatureProviders = false };

    private readonly SemaphoreSlim reading = new(1);
    private FrozenDictionary<string, SecurityKey>? keys;
    private long? askedAt;
    private Exception? fault;

    /// <summary>The one client of all issuers: no cookies, no redirects to elsewhere, bounded in time and size.</summary>
    public static HttpClient Client(TimeSpan timeout) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = timeout, MaxResponseContentBufferSize = MaxBytes };

    /// <summary>The key by its id; without one, the only key for that algorithm. Null when the issuer has none such.</summary>
    /// <exception cref="IssuerUnavailableException">Nobody can say.</exception>
    public async ValueTask<SecurityKey?> Find(string? id, string algorithm, CancellationToken cancellationToken)
    {
        if (keys is null || IsOlderThan(options.KeysAge)) await Read(keys is null ? TimeSpan.Zero : options.KeysPause, cancellationToken);
        if (Pick(id, algorithm) is { } known) return known;

        await Read(options.KeysPause, cancellationToken);
        if (Pick(id, algorithm) is { } fresh) return fresh;
        return fault is null ? null : throw new IssuerUnavailableException(issuer.Issuer, fault); // it may be one of those that could not be read
    }

    public void Dispose() => reading.Dispose();

    private SecurityKey? Pick(string? id, string algorithm)
    {
        if (keys is null) return null;
        if (id is not null) return keys.TryGetValue(id, out var named) && Fits(named, algorithm) ? named : null;
        var fitting = keys.Values.Where(key => Fits(key, algorithm)).Take(2).ToList();
        return fitting is [var only] ? only : null;
    }

    private static bool Fits(SecurityKey key, string algorithm) => algorithm == SecurityAlgorithms.RsaSha256 ? key is RsaSecurityKey : key is ECDsaSecurityKey;

    private bool IsOlderThan(TimeSpan age) => askedAt is not { } at || time.GetElapsedTime(at) >= age;

    private async Task Read(TimeSpan pause, CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            if (keys is not null && !IsOlderThan(pause)) return; // somebody else has just read them
            if (fault is not null && !IsOlderThan(PauseAfterFault)) return;
            askedAt = time.GetTimestamp();
            keys = await Fetch();
            fault = null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException or CryptographicException or InvalidDataException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            if (cancellationToken.IsCancellationRequested) throw;
            fault = exception;
            logger.LogWarning(exception, "The keys of {Issuer} could not be read; {What}", issuer.Issuer, keys is null ? "none are known" : "those that are known stay in use");
        }
        finally
        {
            reading.Release();
        }
    }

    // Not cancelled with the request that needs them: others wait for them as well.
    private async Task<FrozenDictionary<string, SecurityKey>> Fetch()
    {
        var address = issuer.KeysAddress ?? await Discover();
        using var document = await Get(address);
        var found = new Dictionary<string, SecurityKey>(StringComparer.Ordinal);
        foreach (var entry in document.RootElement.GetProperty("keys").EnumerateArray().Take(MaxKeys))
        {
            if (KeyOf(entry) is { } key) found[key.KeyId ?? ""] = key;
        }

        return found.Count > 0 ? found.ToFrozenDictionary(StringComparer.Ordinal) : throw new InvalidDataException("There is no key for RS256 or ES256 among them.");
    }

    private async Task<Uri> Discover()
    {
        using var document = await Get(issuer.Metadata);
        if (document.RootElement.GetProperty("issuer").GetString() != issuer.Issuer) throw new InvalidDataException("The discovery document is that of another issuer.");
        var address = new Uri(document.RootElement.GetProperty("jwks_uri").GetString()!, UriKind.Absolute);
        return OidcIssuer.IsSafe(address) ? address : throw new InvalidDataException("The discovery document sends for the keys over a network in the clear.");
    }

    private async Task<JsonDocument> Get(Uri address)
    {
        using var answer = await http.GetAsync(address);
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>A key of one of the two kinds, or null: keys for other uses and algorithms are nothing to us.</summary>
    private static SecurityKey? KeyOf(JsonElement key)
    {
        if (key.ValueKind is not JsonValueKind.Object || (Text(key, "use") is { } use && use != "sig")) return null;
        var id = Text(key, "kid");
        return (Text(key, "kty"), Text(key, "alg")) switch
        {
            ("RSA", null or SecurityAlgorithms.RsaSha256) when Bytes(key, "n") is { } modulus && Bytes(key, "e") is { } exponent && modulus.Length * 8 >= MinRsaBits =>
                new RsaSecurityKey(new RSAParameters { Modulus = modulus, Exponent = exponent }) { KeyId = id, CryptoProviderFactory = Uncached },
            ("EC", null or SecurityAlgorithms.EcdsaSha256) when Text(key, "crv") == "P-256" && Bytes(key, "x") is { } x && Bytes(key, "y") is { } y =>
                new ECDsaSecurityKey(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } })) { KeyId = id, CryptoProviderFactory = Uncached },
            _ => null,
        };
    }

    private static string? Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement from, string name) => Text(from, name) is { } text ? System.Buffers.Text.Base64Url.DecodeFromChars(text) : null;
}
