namespace MediaPlatform.Domain.Production;

public sealed record NetworkNameTaken(string Name) : ConflictError("NETWORK_NAME_TAKEN", $"There is a network \"{Name}\" already; case and accents are the same.", "name");
public sealed record LabelNameTaken(string Name) : ConflictError("LABEL_NAME_TAKEN", $"There is a label \"{Name}\" already; case and accents are the same.", "name");
public sealed record ProjectNameTaken(string Name) : ConflictError("PROJECT_NAME_TAKEN", $"The label has a project \"{Name}\" already; case and accents are the same.", "name");
