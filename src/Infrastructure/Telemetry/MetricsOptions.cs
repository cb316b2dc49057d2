using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Infrastructure.Telemetry;

/// <summary>Who may read <c>/metrics</c>. Section <c>Metrics</c>.</summary>
public sealed record MetricsOptions : IValidatableObject
{
    private const int MinTokenLength = 16;

    /// <summary>False measures nothing, and <c>/metrics</c> is not there.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What a scraper sends as <c>Authorization: Bearer</c>. Without one, only who asks from this machine itself is answered.</summary>
    public string Token { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Token.Length is > 0 and < MinTokenLength) yield return new($"Metrics:Token must have at least {MinTokenLength} characters.");
    }
}
