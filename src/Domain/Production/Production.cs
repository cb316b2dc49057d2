using MediaPlatform.Domain.Records;

namespace MediaPlatform.Domain.Production;

/// <summary>The kinds of records that say what really happened.</summary>
public static class ProductionKinds
{
    public static readonly RecordKind Network = new("network", "NETWORK", "Network");
    public static readonly RecordKind Label = new("label", "LABEL", "Label");
    public static readonly RecordKind Project = new("project", "PROJECT", "Project");

    public static readonly LinkKind LabelNetwork = new(Label, Network, "LABEL_NETWORK", static (label, network) => $"Label {label} does not belong to network {network}.");
}
