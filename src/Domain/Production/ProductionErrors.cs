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
