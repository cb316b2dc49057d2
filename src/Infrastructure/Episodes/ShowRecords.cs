using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

/// <summary>Shows as records; a deletion takes their episodes along.</summary>
internal static class ShowRecords
{
    internal static readonly RecordTable<ShowFields> Table = new(
        EpisodeKinds.Show, "shows", [new("title", "text"), new("description", "text"), new("is_default", "boolean"), .. Shared.Columns])
    {
        Tidy = static show => show with { Tags = Shared.Tags(show), CustomFields = Shared.Object(show.CustomFields) },
        Violations = new Dictionary<string, Func<ShowFields, Error>>(StringComparer.Ordinal) { ["shows_default_unique"] = static _ => new DefaultShowTaken() },
    };

    internal static readonly ListDefinition<ShowDetails> List = new(
        $"r.id, r.title, r.description, r.is_default, {Shared.Read}",
        "shows r",
        [
            new("title", "r.title", FieldType.Text, row => row.Title),
            new("description", "r.description", FieldType.Text, Nullable: true),
            new("is_default", "r.is_default", FieldType.Boolean),
            .. Shared.Fields<ShowDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = Searched.Of(Table, SearchPlace.Others, name: "r.title", text: "concat_ws(' · ', r.title, r.description)");
}
