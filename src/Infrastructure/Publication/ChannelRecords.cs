using MediaPlatform.Application.Publication;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Publication;

/// <summary>Channels; a deletion takes their sets along.</summary>
internal static class ChannelRecords
{
    private const string CountOfSets = """
        (
            select count(*)::int
            from sets s
            where s.client_id = r.client_id and s.channel_id = r.id and s.deleted_at is null)
        """;

    internal static readonly RecordTable<ChannelFields> Table = new(PublicationKinds.Channel, "channels", [new("name", "text"), new("notes", "text"), .. Shared.Columns])
    {
        Tidy = static channel => channel with { Tags = Shared.Tags(channel), CustomFields = Shared.Object(channel.CustomFields) },
        Violations = new Dictionary<string, Func<ChannelFields, Error>>(StringComparer.Ordinal) { ["channels_name_unique"] = static channel => new ChannelNameTaken(channel.Name) },
        Counts = new Dictionary<string, string>(StringComparer.Ordinal) { ["labels"] = "select count(*) from channel_labels where client_id = @ClientId and channel_id = @Id" },
        GoAlong = ["labels"],
        Keeping = new("exists (select from sets s join set_credits credit on credit.client_id = s.client_id and credit.set_id = s.id where s.client_id = record.client_id and s.channel_id = record.id)", "sets with raw credits, which are kept for ever"),
    };

    internal static readonly LinkTable<ChannelLabelLink> Labels = new(PublicationKinds.ChannelLabel, "channel_labels", "channel_id", "label_id", [new("confidence", "double precision"), new("notes", "text")]);

    internal static readonly LinkView<ChannelLabelDetails> LabelsView = new(
        Labels, "channels", "labels", "link.label_id, r.name, link.confidence, link.notes, link.created_at, link.created_by, link.updated_at, link.version");

    internal static readonly ListDefinition<ChannelDetails> List = new(
        $"r.id, r.name, r.notes, {CountOfSets} as sets, {Shared.Read}",
        "channels r",
        [
            new("name", "r.name", FieldType.Text, row => row.Name),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            new("label_id", $"r.id in (select link.channel_id from channel_labels link join labels label on label.client_id = link.client_id and label.id = link.label_id and label.deleted_at is null where link.client_id = @ClientId and link.label_id = any(array({Shared.RelatedIds})))", FieldType.Related) { Related = "A label whose work it publishes" },
            .. Shared.Fields<ChannelDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = Searched.Of(Table, SearchPlace.Others, name: "r.name", text: "concat_ws(' · ', r.name, r.notes)");
}
