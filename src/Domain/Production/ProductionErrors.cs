namespace MediaPlatform.Domain.Production;

public sealed record NetworkNameTaken(string Name) : ConflictError("NETWORK_NAME_TAKEN", $"There is a network \"{Name}\" already; case and accents are the same.", "name");
public sealed record LabelNameTaken(string Name) : ConflictError("LABEL_NAME_TAKEN", $"There is a label \"{Name}\" already; case and accents are the same.", "name");
public sealed record ProjectNameTaken(string Name) : ConflictError("PROJECT_NAME_TAKEN", $"The label has a project \"{Name}\" already; case and accents are the same.", "name");
public sealed record AliasTaken(string Alias) : ConflictError("ALIAS_TAKEN", $"The person is known as \"{Alias}\" already; case, accents and blanks are the same.", "alias");
public sealed record AliasLimit(int Most) : ConflictError("ALIAS_LIMIT", $"A person has at most {Most} aliases.", "alias");
public sealed record AliasNotFound(Guid Id) : NotFoundError("ALIAS_NOT_FOUND", $"The person has no alias {Id}.");
public sealed record SessionLabelDisagrees() : InvalidError("SESSION_LABEL_DISAGREES", "The project is of another label.", "label_id");
public sealed record SessionWithoutStart() : InvalidError("SESSION_WITHOUT_START", "A session that is confirmed has a start.", "produced_start_at");
public sealed record SessionIsConfirmed() : LockedError("SESSION_CONFIRMED", "The session is confirmed already.");
public sealed record SessionIsDraft() : LockedError("SESSION_DRAFT", "The session is a draft already.");
public sealed record PersonMergedIntoItself() : InvalidError("PERSON_MERGE_ITSELF", "A person is not merged into itself.", "into_person_id");
public sealed record PersonMergedInACircle() : ConflictError("PERSON_MERGE_CIRCLE", "That one was merged into this person; undo that first.", "into_person_id");
public sealed record PersonIsMerged(Guid Id, Guid IntoId) : LockedError("PERSON_MERGED", $"Person {Id} is merged into {IntoId}; go on with that one, or undo the merge.");
public sealed record PersonWasMerged() : LockedError("PERSON_MERGED", "The person is merged into another; undo the merge.");
public sealed record MergeNotFound(Guid Id) : NotFoundError("MERGE_NOT_FOUND", $"Merge {Id} does not exist.");
public sealed record MergeAlreadyUndone(Guid Id) : LockedError("MERGE_UNDONE", $"Merge {Id} is undone already.");
public sealed record MergeIsCovered(Guid Id) : LockedError("MERGE_COVERED", $"Person {Id} is in the trash or merged into another by now; restore it, or undo that merge first.");
