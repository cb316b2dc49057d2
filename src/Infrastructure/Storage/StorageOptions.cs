using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>Where new objects go. An object is read where it was put, so that this may change at any time.</summary>
public enum MediaOrigin
{
    /// <summary>Local disk, served by the API.</summary>
    Local,
    /// <summary>The S3-compatible store of section <c>S3</c>.</summary>
    S3,
    /// <summary>Cloudflare R2, or a second S3-compatible store: section <c>R2</c>.</summary>
    R2,
}

/// <summary>How clients get at bytes.</summary>
public enum MediaDelivery
{
    /// <summary>All through the API, by links that it signs.</summary>
    Local,
    /// <summary>Renditions of public assets in the origin by plain URLs below <see cref="StorageOptions.BaseUrl"/>, all else as <see cref="Signed"/>.</summary>
    Public,
    /// <summary>By links that the store signs; objects on local disk by links of the API.</summary>
    Signed,
}

/// <summary>The media storage, local disk, and signed links. Section <c>Storage</c>.</summary>
public sealed record StorageOptions : IValidatableObject
{
    /// <summary>Where new objects go: <c>local</c>, <c>s3</c> or <c>r2</c>. <c>MEDIA_ORIGIN</c> does the same.</summary>
    public MediaOrigin Origin { get; init; } = MediaOrigin.Local;

    /// <summary>How clients get at bytes: <c>local</c>, <c>public</c> or <c>signed</c>. <c>MEDIA_DELIVERY</c> does the same.</summary>
    public MediaDelivery Delivery { get; init; } = MediaDelivery.Signed;

    /// <summary>What the URLs of renditions begin with under <see cref="MediaDelivery.Public"/>: a CDN before the store. <c>MEDIA_BASE_URL</c> does the same.</summary>
    public string BaseUrl { get; init; } = "";

    /// <summary>The folder that all keys are relative to, on local disk. It may stay empty where nothing lies on one.</summary>
    public string Root { get; init; } = "";

    /// <summary>Bytes of disk that are left free; an upload that meets this floor is refused. 64 MiB by default.</summary>
    [Range(0L, long.MaxValue)]
    public long MinFreeBytes { get; init; } = 64L << 20;

    /// <summary>The key that new links are signed with.</summary>
    [Required(ErrorMessage = "Storage:SigningKeyId is not set; it names one of Storage:SigningKeys.")]
    public string SigningKeyId { get; init; } = "";

    /// <summary>Keys by id, base64 of at least 32 bytes. A key that is no longer used to sign stays until its links have expired.</summary>
    public Dictionary<string, string> SigningKeys { get; init; } = [];

    /// <summary>How long a link works at least. Expiries are rounded up to this, so that the same link is given for a while and caches hit. A store's links work for seven days at most.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3.12:00:00")]
    public TimeSpan LinkLifetime { get; init; } = TimeSpan.FromHours(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Origin is MediaOrigin.Local && string.IsNullOrWhiteSpace(Root)) yield return new("Storage:Root is not set; it is the folder that media lie in.");
        if (Delivery is MediaDelivery.Public && !(Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            yield return new("Storage:BaseUrl (MEDIA_BASE_URL) is not an http or https URL; public delivery needs one.");
        if (!SigningKeys.ContainsKey(SigningKeyId)) yield return new($"Storage:SigningKeys has no key '{SigningKeyId}', which Storage:SigningKeyId names.");
        foreach (var (id, key) in SigningKeys)
        {
            var bytes = new byte[key.Length];
            if (!Convert.TryFromBase64String(key, bytes, out var length) || length < 32) yield return new($"Storage:SigningKeys:{id} is not base64 of at least 32 bytes.");
        }
    }
}
