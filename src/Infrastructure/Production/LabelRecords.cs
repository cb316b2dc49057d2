using MediaPlatform.Application.Production;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Production;

/// <summary>Networks, labels and projects as records; a label's deletion takes its projects along.</summary>
internal static class LabelRecords
{
    private const string CountOfLabels = """
        (
            select count(*)::int
            from label_networks link
            join labels label on label.client_id = link.client_id and label.id = link.label_id
            where link.client_id = r.client_id and link.network_id = r.id and label.deleted_at is null)
        """;

    internal static readonly RecordTable<NetworkFields> Networks = new(ProductionKinds.Network, "networks", [new("name", "text"), new("notes", "text"), .. Shared.Columns])
    {
        Tidy = static network => network with { Tags = Shared.Tags(network), CustomFields = Shared.Object(network.CustomFields) },
        Violations = new Dictionary<string, Func<NetworkFields, Error>>(StringComparer.Ordinal) { ["networks_name_unique"] = static network => new NetworkNameTaken(network.Name) },
        Counts = new Dictionary<string, string>(StringComparer.Ordinal) { ["labels"] = "select count(*) from label_networks link join labels label on label.client_id = link.client_id and label.id = link.label_id where link.client_id = @ClientId and link.network_id = @Id and label.deleted_at is null" },
        GoAlong = ["labels"],
    };

    internal static readonly RecordTable<LabelFields> Labels = new(ProductionKinds.Label, "labels", [new("name", "text"), new("notes", "text"), .. Shared.Columns])
    {
        Tidy = static label => label with { Tags = Shared.Tags(label), CustomFields = Shared.Object(label.CustomFields) },
        Violations = new Dictionary<string, Func<LabelFields, Error>>(StringComparer.Ordinal) { ["labels_name_unique"] = static label => new LabelNameTaken(label.Name) },
        Counts = new Dictionary<string, string>(StringComparer.Ordinal) { ["networks"] = "select count(*) from label_networks where client_id = @ClientId and label_id = @Id", ["sessions"] = "select count(*) from sessions where client_id = @ClientId and label_id = @Id", ["channels"] = "select count(*) from channel_labels where client_id = @ClientId and label_id = @Id", ["set_claims"] = "select count(*) from set_label_claims where client_id = @ClientId and label_id = @Id" },
        GoAlong = ["networks", "sessions", "channels", "set_claims"],
    };

    internal static readonly RecordTable<ProjectFields> Projects = new(
        ProductionKinds.Project, "projects",
        [new("label_id", "uuid"), new("name", "text"), new("start_at", "timestamptz"), new("end_at", "timestamptz"), new("notes", "text"), .. Shared.Columns])
    {
        Parents = [new(ProductionKinds.Label, "labels", "label_id", TakesAlong: true)],
        Tidy = static project => project with { Tags = Shared.Tags(project), CustomFields = Shared.Object(project.CustomFields) },
        Violations = new Dictionary<string, Func<ProjectFields, Error>>(StringComparer.Ordinal) { ["projects_name_unique"] = static project => new ProjectNameTaken(project.Name) },
    };

    internal static readonly LinkTable<LabelNetworkLink> NetworksOfLabels = new(ProductionKinds.LabelNetwork, "label_networks", "label_id", "network_id", [new("notes", "text")]);

    internal static readonly LinkView<LabelNetworkDetails> NetworksOfLabelsView = new(
        NetworksOfLabels, "labels", "networks", "link.network_id, r.name, link.notes, link.created_at, link.created_by, link.updated_at, link.version");

    internal static readonly ListDefinition<NetworkDetails> NetworkList = new(
        $"r.id, r.name, r.notes, {CountOfLabels} as labels, {Shared.Read}",
        "networks r",
        [
            new("name", "r.name", FieldType.Text, row => row.Name),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            new("label_id", $"r.id in (select link.network_id from label_networks link join labels label on label.client_id = link.client_id and label.id = link.label_id and label.deleted_at is null where link.client_id = @ClientId and link.label_id = any(array({Shared.RelatedIds})))", FieldType.Related) { Related = "A label that belongs to it" },
            .. Shared.Fields<NetworkDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly ListDefinition<LabelDetails> LabelList = new(
        $"r.id, r.name, r.notes, {Shared.Read}",
        "labels r",
        [
            new("name", "r.name", FieldType.Text, row => row.Name),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            new("network_id", $"r.id in (select link.label_id from label_networks link join networks network on network.client_id = link.client_id and network.id = link.network_id and network.deleted_at is null where link.client_id = @ClientId and link.network_id = any(array({Shared.RelatedIds})))", FieldType.Related) { Related = "A network that it belongs to" },
            .. Shared.Fields<LabelDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly ListDefinition<ProjectDetails> ProjectList = new(
        $"r.id, r.label_id, r.name, r.start_at, r.end_at, r.notes, {Shared.Read}",
        "projects r",
        [
            new("label_id", "r.label_id", FieldType.Uuid),
            new("name", "r.name", FieldType.Text, row => row.Name),
            new("start_at", "r.start_at", FieldType.Instant, row => row.StartAt, Nullable: true),
            new("end_at", "r.end_at", FieldType.Instant, Nullable: true),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            .. Shared.Fields<ProjectDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched SearchedNetworks = Searched.Of(Networks, SearchPlace.Others, name: "r.name", text: "concat_ws(' · ', r.name, r.notes)");

    internal static readonly Searched SearchedLabels = Searched.Of(Labels, SearchPlace.Others, name: "r.name", text: "concat_ws(' · ', r.name, r.notes)");

    internal static readonly Searched SearchedProjects = Searched.Of(Projects, SearchPlace.Others, name: "r.name", text: "concat_ws(' · ', r.name, r.notes)");
}
