using MediaPlatform.Domain.Records;

namespace MediaPlatform.Domain.Production;

/// <summary>The kinds of records that say what really happened.</summary>
public static class ProductionKinds
{
    public static readonly RecordKind Person = new("person", "PERSON", "Person");
    public static readonly RecordKind Network = new("network", "NETWORK", "Network");
    public static readonly RecordKind Label = new("label", "LABEL", "Label");
    public static readonly RecordKind Project = new("project", "PROJECT", "Project");

    public static readonly RecordKind Session = new("session", "SESSION", "Session");

    public static readonly LinkKind LabelNetwork = new(Label, Network, "LABEL_NETWORK", static (label, network) => $"Label {label} does not belong to network {network}.");
    public static readonly LinkKind SessionParticipant = new(Session, Person, "SESSION_PARTICIPANT", static (session, person) => $"Person {person} is not in session {session} as that.") { As = ["model", "photographer"] };
}

/// <summary>What a person usually is; a session may have anybody as anything.</summary>
public enum PersonType { Model, Photographer, Both }

/// <summary>Where an alias comes from.</summary>
public enum AliasSource { Manual, Import }
