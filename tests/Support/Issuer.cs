using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MediaPlatform.Tests.Support;

/// <summary>An OIDC issuer on loopback: a discovery document, its keys, and tokens as good or as bad as a test wants them.</summary>
public sealed class Issuer : IAsyncDisposable
{
    public const string ClientId = "7kq3mediaplatform";
    public const string Audience = "https://media.example";

    private readonly WebApplication server;
    private readonly List<object> published = [];
    private int keysRead;

    private Issuer(WebApplication server) => this.server = server;

    public string Name => server.Urls.First();

    /// <summary>Signs with RS256.</summary>
    public SigningKey Rsa { get; private set; } = null!;

    /// <summary>Signs with ES256.</summary>
    public SigningKey Ec { get; private set; } = null!;

    /// <summary>How often the keys were asked for.</summary>
    public int KeysRead => Volatile.Read(ref keysRead);

    /// <summary>Answers 503 instead.</summary>
    public bool IsDown { get; set; }

    public static async Task<Issuer> Start()
    {
        Issuer issuer = null!;
        await OtherServer.Start(app =>
        {
            issuer = new Issuer(app);
            app.MapGet("/.well-known/openid-configuration", () => issuer.Answer(() => new { issuer = issuer.Name, jwks_uri = issuer.Name + "/keys" }));
            app.MapGet("/keys", () => issuer.Answer(issuer.Keys));
        });
        issuer.Rsa = issuer.Publish(SigningKey.NewRsa("rsa-1"));
        issuer.Ec = issuer.Publish(SigningKey.NewEc("ec-1"));
        return issuer;
    }

    /// <summary>The settings of an API that trusts it.</summary>
    /// <param name="index">Which of several.</param>
    public Dictionary<string, string?> Settings(int index = 0) => new(StringComparer.Ordinal)
    {
        [$"Oidc:Issuers:{index}:Issuer"] = Name,
        [$"Oidc:Issuers:{index}:Audiences:0"] = Audience,
        [$"Oidc:Issuers:{index}:ClientIds:0"] = ClientId,
        [$"Oidc:Issuers:{index}:ClockSkew"] = "00:00:05",
        ["Oidc:KeysPause"] = "00:00:00",
    };

    /// <summary>Among the keys from now on.</summary>
    public SigningKey Publish(SigningKey key)
    {
        lock (published) published.Add(key.Public);
        return key;
    }

    /// <summary>A token as Amazon Cognito makes them for access; null takes a claim away.</summary>
    public string AccessToken(string subject, Dictionary<string, object?>? claims = null, SigningKey? key = null) => (key ?? Rsa).Sign(Claims(subject, claims, new()
    {
        ["token_use"] = "access", ["client_id"] = ClientId, ["username"] = subject, ["scope"] = "openid",
    }));

    /// <summary>A token as Amazon Cognito makes them to say who somebody is.</summary>
    public string IdToken(string subject, string? email, object? isVerified = null, Dictionary<string, object?>? claims = null, SigningKey? key = null) => (key ?? Rsa).Sign(Claims(subject, claims, new()
    {
        ["token_use"] = "id", ["aud"] = ClientId, ["email"] = email, ["email_verified"] = isVerified ?? true,
    }));

    /// <summary>A token as other issuers make them for an API.</summary>
    public string ApiToken(string subject, Dictionary<string, object?>? claims = null, SigningKey? key = null) => (key ?? Rsa).Sign(Claims(subject, claims, new()
    {
        ["aud"] = new[] { "something else", Audience }, ["azp"] = ClientId,
    }));

    public async ValueTask DisposeAsync()
    {
        await server.StopAsync();
        await server.DisposeAsync();
    }

    public static long In(TimeSpan time) => DateTimeOffset.UtcNow.Add(time).ToUnixTimeSeconds();

    private Dictionary<string, object?> Claims(string subject, Dictionary<string, object?>? changed, Dictionary<string, object?> own)
    {
        own["iss"] = Name;
        own["sub"] = subject;
        own["iat"] = In(TimeSpan.Zero);
        own["exp"] = In(TimeSpan.FromHours(1));
        foreach (var (name, value) in changed ?? []) own[name] = value;
        return own.Where(claim => claim.Value is not null).ToDictionary();
    }

    private object Keys()
    {
        Interlocked.Increment(ref keysRead);
        lock (published) return new { keys = published.ToArray() };
    }

    private IResult Answer(Func<object> answer) => IsDown ? Results.StatusCode(503) : Results.Json(answer());
}

/// <summary>A key pair of an issuer.</summary>
public sealed class SigningKey
{
    private readonly Func<byte[], byte[]> sign;

    private SigningKey(string id, string algorithm, object jwk, Func<byte[], byte[]> sign) => (Id, Algorithm, Public, this.sign) = (id, algorithm, jwk, sign);

    public string Id { get; }

    public string Algorithm { get; }

    /// <summary>As it stands among the keys.</summary>
    public object Public { get; }

    /// <summary>The bytes of the public key as people have it in a file, for those who sign with it by HMAC.</summary>
    public byte[] PublicPem { get; private init; } = [];

    public static SigningKey NewRsa(string id, int bits = 2048)
    {
        var rsa = RSA.Create(bits);
        var parts = rsa.ExportParameters(includePrivateParameters: false);
        return new(id, "RS256", new { kty = "RSA", kid = id, use = "sig", alg = "RS256", n = Base64Url.EncodeToString(parts.Modulus), e = Base64Url.EncodeToString(parts.Exponent) },
            bytes => rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            PublicPem = Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
        };
    }

    public static SigningKey NewEc(string id)
    {
        var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = ec.ExportParameters(includePrivateParameters: false).Q;
        return new(id, "ES256", new { kty = "EC", kid = id, use = "sig", crv = "P-256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) },
            bytes => ec.SignData(bytes, HashAlgorithmName.SHA256));
    }

    public static SigningKey OfHmac(string id, byte[] secret) => new(id, "HS256", new { }, bytes => HMACSHA256.HashData(secret, bytes));

    public static SigningKey OfNobody(string id) => new(id, "none", new { }, _ => []);

    /// <summary>The same key under another name.</summary>
    public SigningKey As(string id) => new(id, Algorithm, Public, sign);

    public string Sign(object claims, Dictionary<string, object?>? header = null)
    {
        var all = new Dictionary<string, object?>(StringComparer.Ordinal) { ["alg"] = Algorithm, ["kid"] = Id, ["typ"] = "JWT" };
        foreach (var (name, value) in header ?? []) all[name] = value;
        var signed = $"{Part(all.Where(entry => entry.Value is not null).ToDictionary())}.{Part(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
