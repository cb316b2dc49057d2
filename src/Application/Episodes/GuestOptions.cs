using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Application.Episodes;

/// <summary>How guests come in. Section <c>Guests</c>.</summary>
public sealed record GuestOptions
{
    /// <summary>How long a guest's session lets in: 30 days by default, 7 for stricter privacy.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromDays(30);
}
