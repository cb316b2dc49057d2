namespace MediaPlatform.Domain.Tagging;

public sealed record TagNotFound(string Tag) : NotFoundError("TAG_NOT_FOUND", $"Nothing bears the tag \"{Tag}\".");
public sealed record TagInUse(string Tag) : ConflictError("TAG_IN_USE", $"The tag \"{Tag}\" is in use already; merge into it, if that is meant.", "to");
public sealed record TagsBeingRewritten() : ConflictError("TAGS_BEING_REWRITTEN", "A job is rewriting tags; its end shows in /jobs. Try again after it.");
public sealed record TagUnchanged() : InvalidError("VALIDATION_ERROR", "The new tag is the old one.", "to");
public sealed record NothingToMerge() : InvalidError("VALIDATION_ERROR", "At least one tag other than the one to merge into.", "from");
