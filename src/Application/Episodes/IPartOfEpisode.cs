namespace MediaPlatform.Application.Episodes;

/// <summary>A record that stands in an episode, as people read it.</summary>
public interface IShownInEpisode
{
    /// <summary>Null while it stands in none.</summary>
    Guid? EpisodeId { get; }
}

/// <summary>A record that stands in an episode, as people write it.</summary>
/// <typeparam name="TSelf">The fields themselves.</typeparam>
public interface IPartOfEpisode<out TSelf>
{
    Guid? EpisodeId { get; }

    /// <summary>The same in this episode.</summary>
    TSelf In(Guid? episode);
}
