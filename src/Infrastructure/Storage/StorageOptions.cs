using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>Local disk as the media storage, and its signed links. Section <c>Storage</c>.</summary>
public sealed record StorageOptions : IValidatableObject
{
    /// <summary>The folder that all keys are relative to.</summary>
    [Required(ErrorMessage = "Storage:Root is not set; it is the folder that media lie in.")]
    public string Root { get; init; } = "";

    /// <summary>Bytes of disk that are left free; an upload that meets this floor is refused. 64 MiB by default.</summary>
    [Range(0L, long.MaxValue)]
    public long MinFreeBytes { get; init; } = 64L << 20;

    /// <summary>The key that new links are signed with.</summary>
    [Required(ErrorMessage = "Storage:SigningKeyId is not set; it names one of Storage:SigningKeys.")]
    public string SigningKeyId { get; init; } = "";

    /// <summary>Keys by id, base64 of at least 32 bytes. A key that is no longer used to sign stays until its links have expired.</summary>
    public Dictionary<string, string> SigningKeys { get; init; } = [];

    /// <summary>How long a link works at least. Expiries are rounded up to this, so that the same link is given for a while and caches hit.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan LinkLifetime { get; init; } = TimeSpan.FromHours(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!SigningKeys.ContainsKey(SigningKeyId)) yield return new($"Storage:SigningKeys has no key '{SigningKeyId}', which Storage:SigningKeyId names.");
        foreach (var (id, key) in SigningKeys)
        {
            var bytes = new byte[key.Length];
            if (!Convert.TryFromBase64String(key, bytes, out var length) || length < 32) yield return new($"Storage:SigningKeys:{id} is not base64 of at least 32 bytes.");
        }
    }
}
