namespace MediaPlatform.Domain.Search;

public sealed record SearchTypeUnknown(string Type, string Hint) : InvalidError("UNKNOWN_SEARCH_TYPE", $"Nothing of the type \"{Type}\" is searched.{Hint}", "types");
public sealed record SearchBeingReindexed() : ConflictError("SEARCH_BEING_REINDEXED", "A job makes the search columns anew already; there is one at a time.");
