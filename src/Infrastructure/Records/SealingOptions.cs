using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>With what personal data is encrypted where it lies. Section <c>Sealing</c>.</summary>
public sealed record SealingOptions : IValidatableObject
{
    /// <summary>The key that is sealed with from now on.</summary>
    [Required(ErrorMessage = "Sealing:KeyId is not set; it names one of Sealing:Keys.")]
    public string KeyId { get; init; } = "";

    /// <summary>Keys by id, base64 of 32 bytes. One that is no longer sealed with stays as long as anything is sealed with it.</summary>
    public Dictionary<string, string> Keys { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Keys.ContainsKey(KeyId)) yield return new($"Sealing:Keys has no key '{KeyId}', which Sealing:KeyId names.");
        foreach (var (id, key) in Keys)
        {
            if (id.Contains(':', StringComparison.Ordinal)) yield return new($"Sealing:Keys:{id}: the id of a key has no colon.");
            var bytes = new byte[key.Length];
            if (!Convert.TryFromBase64String(key, bytes, out var length) || length != 32) yield return new($"Sealing:Keys:{id} is not base64 of 32 bytes.");
        }
    }
}
