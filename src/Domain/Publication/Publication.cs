using MediaPlatform.Domain.Production;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Domain.Publication;

/// <summary>The kinds of records that say what was observed of publications.</summary>
public static class PublicationKinds
{
    public static readonly RecordKind Channel = new("channel", "CHANNEL", "Channel");
    public static readonly RecordKind Set = new("set", "SET", "Set");

    public static readonly LinkKind ChannelLabel = new(Channel, ProductionKinds.Label, "CHANNEL_LABEL", static (channel, label) => $"Nothing says that channel {channel} publishes label {label}.");
    public static readonly LinkKind SetLabelClaim = new(Set, ProductionKinds.Label, "SET_EVIDENCE", static (set, label) => $"Nobody has said that set {set} is of label {label}.");
    public static readonly LinkKind SetSession = new(Set, ProductionKinds.Session, "SET_SESSION", static (set, session) => $"Nobody has said that set {set} shows session {session}.");

    public static readonly LinkKind SetParticipant = new(Set, ProductionKinds.Person, "SET_PARTICIPANT", static (set, person) => $"Nobody has put person {person} into set {set} as that; who is in it by a credit leaves when that is unresolved.")
    {
        As = ["model", "photographer"],
    };
}

/// <summary>What somebody was.</summary>
public enum ParticipantRole { Model, Photographer }

/// <summary>What is known of whom a raw credit means.</summary>
public enum ResolutionStatus { Unresolved, Resolved, Ignored }
