using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>An S3-compatible store. Section <c>S3</c>; without a bucket it is not used.</summary>
public record S3Options : IValidatableObject
{
    private protected virtual string Section => "S3";

    /// <summary>The bucket, at least three characters.</summary>
    public string Bucket { get; init; } = "";

    /// <summary>A bucket of its own for thumbnails of episodes, clips and outfits; empty for <see cref="Bucket"/>.</summary>
    public string ThumbnailBucket { get; init; } = "";

    /// <summary>The store's address, such as <c>https://minio.example:9000</c>; empty for Amazon's of <see cref="Region"/>.</summary>
    public string ServiceUrl { get; init; } = "";

    /// <summary>The address by which clients reach the store, for the links that they are given; empty for <see cref="ServiceUrl"/>.</summary>
    public string PublicUrl { get; init; } = "";

    /// <summary>What requests are signed for; <c>auto</c> for R2.</summary>
    [Required]
    public string Region { get; init; } = "us-east-1";

    /// <summary>The access key; empty for the usual places of the AWS SDK (environment, profile, instance).</summary>
    public string AccessKey { get; init; } = "";

    /// <summary>The secret key.</summary>
    public string SecretKey { get; init; } = "";

    /// <summary>The bucket in the path, rather than in the host's name. Amazon wants it in the name.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>The bucket keeps versions, and a deletion removes all of them. R2 has none.</summary>
    public bool Versioned { get; init; } = true;

    /// <summary>Encryption at rest by the store: <c>AES256</c> or <c>aws:kms</c>; empty for its default.</summary>
    [RegularExpression("^(|AES256|aws:kms)$", ErrorMessage = "ServerSideEncryption is AES256, aws:kms or empty.")]
    public string ServerSideEncryption { get; init; } = "";

    /// <summary>The key for <c>aws:kms</c>; empty for the account's own.</summary>
    public string KmsKeyId { get; init; } = "";

    /// <summary>The longest wait for the store to go on with an answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is sent again that failed for a moment.</summary>
    [Range(0, 10)]
    public int MaxRetries { get; init; } = 3;

    /// <summary>Whether there is such a store.</summary>
    public bool IsConfigured => Bucket.Length > 0;

    /// <summary>Whether thumbnails have a bucket of their own.</summary>
    public bool HasThumbnailBucket => IsConfigured && ThumbnailBucket.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsConfigured) yield break;
        if (Bucket.Length < 3) yield return new($"{Section}:Bucket '{Bucket}' has fewer than three characters.");
        if (HasThumbnailBucket && (ThumbnailBucket.Length < 3 || ThumbnailBucket == Bucket)) yield return new($"{Section}:ThumbnailBucket '{ThumbnailBucket}' has fewer than three characters, or is the other bucket.");
        foreach (var (name, value) in new[] { (nameof(ServiceUrl), ServiceUrl), (nameof(PublicUrl), PublicUrl) })
        {
            if (value.Length > 0 && !(Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
                yield return new($"{Section}:{name} '{value}' is not an http or https URL.");
        }

        if (AccessKey.Length > 0 != SecretKey.Length > 0) yield return new($"{Section}:AccessKey and {Section}:SecretKey are set together, or neither is.");
    }
}

/// <summary>Cloudflare R2, or another S3-compatible store beside the first. Section <c>R2</c>; without a bucket it is not used.</summary>
public sealed record R2Options : S3Options
{
    /// <summary>As R2 is: one region, and no versions.</summary>
    public R2Options() => (Region, Versioned) = ("auto", false);

    private protected override string Section => "R2";
}
