namespace MediaPlatform.Domain.Media;

/// <summary>An object of an S3-compatible store by its address, <c>s3://bucket/key</c>; the key is written as it is, without escapes.</summary>
/// <param name="Bucket">3 to 63 of a–z, 0–9, '.' and '-'.</param>
/// <param name="Key">1 to 1,024 bytes of UTF-8, without control characters.</param>
public sealed record S3Uri(string Bucket, string Key)
{
    /// <summary>What every address begins with.</summary>
    public const string Scheme = "s3://";

    private const int MaxKeyBytes = 1024;
    private const char Separator = '\t'; // a control character, which no key has

    /// <summary>What the store calls the very bytes that are meant; null for whatever lies there.</summary>
    public string? ETag { get; init; }

    /// <summary>Which version of the object is meant, where the bucket keeps versions.</summary>
    public string? Version { get; init; }

    /// <summary>As an asset keeps it: the address, and which bytes lay there when they were looked at.</summary>
    public string StorageKey => ETag is null ? ToString() : $"{this}{Separator}{ETag}{Separator}{Version}";

    /// <summary>A <see cref="StorageKey"/>; null for the key of an object that is not registered.</summary>
    public static S3Uri? OfKey(string storageKey) => storageKey.Split(Separator) switch
    {
        [var address, var etag, var version] => Parse(address) is { } uri ? uri with { ETag = etag, Version = version.Length > 0 ? version : null } : null,
        [var address] => Parse(address),
        _ => null,
    };

    /// <summary>Null for what is no such address. A key whose segments are '.' or '..' is one to a store, and leads elsewhere for who builds URLs of it.</summary>
    public static S3Uri? Parse(string? text)
    {
        if (text is null || !text.StartsWith(Scheme, StringComparison.Ordinal)) return null;
        var slash = text.IndexOf('/', Scheme.Length);
        if (slash < 0) return null;

        var (bucket, key) = (text[Scheme.Length..slash], text[(slash + 1)..]);
        var isBucket = bucket.Length is >= 3 and <= 63 && bucket.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '-');
        var isKey = key.Length > 0 && System.Text.Encoding.UTF8.GetByteCount(key) <= MaxKeyBytes && !key.Any(char.IsControl) && !key.Split('/').Any(segment => segment is "." or "..");
        return isBucket && isKey ? new(bucket, key) : null;
    }

    /// <summary>Whether this lies below one of these prefixes, such as <c>s3://bucket/folder/</c>; a bucket as a whole is <c>s3://bucket/</c>.</summary>
    public bool IsBelow(IEnumerable<string> prefixes) => prefixes.Any(prefix => ToString().StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Whether the key is one that <see cref="StorageKeys"/> makes: it may be another client's.</summary>
    public bool IsOurs => StorageKeys.IsOurs(Key);

    /// <summary>The address.</summary>
    public override string ToString() => $"{Scheme}{Bucket}/{Key}";
}
