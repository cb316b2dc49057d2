using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Application.Library;

/// <summary>How the stock library is searched, gathered from and kept within its budget. Section <c>Library</c>.</summary>
public sealed record LibraryOptions
{
    /// <summary>How many films a segment must find in the library, so that no provider is asked.</summary>
    [Range(0, 50)]
    public int MinVideos { get; init; } = 1;

    /// <summary>How many pictures a segment must find in the library, so that no provider is asked.</summary>
    [Range(0, 50)]
    public int MinImages { get; init; } = 3;

    /// <summary>How many films a segment gets.</summary>
    [Range(0, 50)]
    public int MostVideos { get; init; } = 3;

    /// <summary>How many pictures a segment gets.</summary>
    [Range(0, 50)]
    public int MostImages { get; init; } = 5;

    /// <summary>What it counts that something was used lately, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double PreferRecencyBoost { get; init; } = 0.1;

    /// <summary>To which share of its quota the library is brought by an eviction, 0.1 to 0.99.</summary>
    [Range(0.1, 0.99)]
    public double EvictTo { get; init; } = 0.9;

    /// <summary>How long room is kept for bytes that do not come.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "2.00:00:00")]
    public TimeSpan ReservationLifetime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long a gathering waits at its end for what it has downloaded to be looked at, so that nothing unreadable is in a manifest.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan ProcessingPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an object that nobody knows is kept before it is looked at once more and deleted.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan Quarantine { get; init; } = TimeSpan.FromDays(7);
}
