namespace MediaPlatform.Domain.Audit;

public sealed record ChangeNotFound(ChangeId Id) : NotFoundError("CHANGE_NOT_FOUND", $"Change {Id.Value} does not exist, or not any more.");
public sealed record EventCursorInvalid() : MalformedError("CURSOR_INVALID", "after is neither a cursor that this feed gave nor \"now\".", "after");
public sealed record EventTypeUnknown(string Type, string Hint) : InvalidError("UNKNOWN_EVENT_TYPE", $"There are no events \"{Type}\".{Hint}", "types");
public sealed record EventsExpired() : GoneError("EVENTS_EXPIRED", "Events after this cursor have been forgotten; begin again without one, and read what is there.");
public sealed record TooManyWaiters() : UnavailableError("TOO_MANY_WAITERS", "Too many wait for events already; ask again, or without wait.");
