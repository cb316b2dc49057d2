namespace MediaPlatform.Domain.Episodes;

public sealed record DefaultShowTaken() : ConflictError("DEFAULT_SHOW_TAKEN", "Another show is the default; take that from it first.", "is_default");
public sealed record EpisodeNumberTaken(int? Season, int Number) : ConflictError(
    "EPISODE_NUMBER_TAKEN", $"The show has an episode {Number}{(Season is > 0 ? $" in season {Season}" : "")} already; GET /shows/{{id}}/next-episode-number says which is free.", "episode_number");
public sealed record ScheduleTooLong(int Most) : InvalidError("SCHEDULE_TOO_LONG", $"There are more than {Most:N0} dates between these two; ask for fewer days, or for one show.", "to");
