using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>
/// URLs of an S3-compatible store that carry their signature: AWS Signature Version 4 in the query, see "Authenticating Requests: Using
/// Query Parameters" in the S3 API reference. The SDK signs as of now alone; here the caller says as of when, so that a link
/// stays the same for a while and caches hit.
/// </summary>
internal sealed class S3Presigner(S3Options options, AWSCredentials credentials)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string DateFormat = "yyyyMMdd'T'HHmmss'Z'";

    private readonly Uri endpoint = (options.PublicUrl, options.ServiceUrl) switch
    {
        ({ Length: > 0 } publicUrl, _) => new(publicUrl),
        (_, { Length: > 0 } serviceUrl) => new(serviceUrl),
        _ => new($"https://s3.{options.Region}.amazonaws.com"),
    };

    private volatile Derived? derived;

    /// <summary>A URL for one request.</summary>
    /// <param name="query">Parameters of the request beside the signature's.</param>
    /// <param name="headers">Headers that the request must carry as they are, by their names in lower case.</param>
    /// <param name="signedAt">When the signature begins to work.</param>
    /// <param name="lifetime">How long it does, from then on; seven days at most.</param>
    public string Sign(
        string method, string bucket, string key, IEnumerable<KeyValuePair<string, string>> query, IReadOnlyDictionary<string, string> headers, DateTimeOffset signedAt, TimeSpan lifetime)
    {
        var keys = credentials.GetCredentials();
        var date = signedAt.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);
        var day = date[..8];
        var scope = $"{day}/{options.Region}/s3/aws4_request";
        var host = options.PathStyle ? endpoint.Authority : $"{bucket}.{endpoint.Authority}";
        var path = $"{endpoint.AbsolutePath.TrimEnd('/')}/{(options.PathStyle ? bucket + "/" : "")}{Encode(key, keepSlash: true)}";

        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = host };
        foreach (var (name, value) in headers) signed[name] = string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries)); // as the other side canonicalises them
        var names = string.Join(';', signed.Keys);

        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["X-Amz-Algorithm"] = Algorithm,
            ["X-Amz-Credential"] = $"{keys.AccessKey}/{scope}",
            ["X-Amz-Date"] = date,
            ["X-Amz-Expires"] = ((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            ["X-Amz-SignedHeaders"] = names,
        };
        if (keys.Token is { Length: > 0 } token) parameters["X-Amz-Security-Token"] = token;
        foreach (var (name, value) in query) parameters[name] = value;
        var canonicalQuery = string.Join('&', parameters.Select(parameter => $"{Encode(parameter.Key)}={Encode(parameter.Value)}"));

        var canonical = $"{method}\n{path}\n{canonicalQuery}\n{string.Concat(signed.Select(header => $"{header.Key}:{header.Value}\n"))}\n{names}\nUNSIGNED-PAYLOAD";
        var toSign = $"{Algorithm}\n{date}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signature = Convert.ToHexStringLower(Hmac(KeyOf(day, keys.SecretKey), toSign));
        return $"{endpoint.Scheme}://{host}{path}?{canonicalQuery}&X-Amz-Signature={signature}";
    }

    private byte[] KeyOf(string day, string secretKey)
    {
        if (derived is { } last && last.Day == day && last.SecretKey == secretKey) return last.Key;
        var key = Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + secretKey), day), options.Region), "s3"), "aws4_request");
        derived = new(day, secretKey, key);
        return key;
    }

    /// <summary>A key is derived once a day.</summary>
    private sealed record Derived(string Day, string SecretKey, byte[] Key);

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    /// <summary>All but the unreserved characters of RFC 3986, which is what .NET leaves as well.</summary>
    private static string Encode(string text, bool keepSlash = false)
    {
        var encoded = Uri.EscapeDataString(text);
        return keepSlash ? encoded.Replace("%2F", "/", StringComparison.Ordinal) : encoded;
    }
}
