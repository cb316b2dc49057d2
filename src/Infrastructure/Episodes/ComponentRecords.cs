using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

internal static class ComponentRecords
{
    internal static readonly RecordTable<ComponentFields> Table = new(
        EpisodeKinds.Component,
        "components",
        [
            new("episode_id", "uuid"), new("type", "text"), new("subtype", "text"), new("asset_id", "uuid"), new("file_reference", "text", AsItCame: true),
            new("duration_seconds", "double precision"), new("status", "text"), new("version", "text") { Column = "component_version" }, new("notes", "text"), new("metadata", "jsonb"),
            .. Shared.Columns,
        ])
    {
        Parents = [new(EpisodeKinds.Episode, "episodes", "episode_id", TakesAlong: true), new(MediaAsset.Kind, "media_assets", "asset_id")],
        Tidy = static component => component with
        {
            Subtype = Word(component.Subtype), Status = Word(component.Status)!, Metadata = Shared.Object(component.Metadata),
            Tags = Shared.Tags(component), CustomFields = Shared.Object(component.CustomFields),
        },
    };

    internal static readonly ListDefinition<ComponentDetails> List = new(
        $"""
        r.id, r.episode_id, r.type, r.subtype, r.asset_id, r.file_reference, r.duration_seconds, r.status, r.component_version as version, r.notes, r.metadata,
        {Shared.ReadWithRevision}
        """,
        "components r",
        [
            new("episode_id", "r.episode_id", FieldType.Uuid),
            Fields.Enum<ComponentDetails, ComponentType>("type", "r.type"),
            new("subtype", "r.subtype", FieldType.Text, Nullable: true),
            new("asset_id", "r.asset_id", FieldType.Uuid, Nullable: true),
            new("file_reference", "r.file_reference", FieldType.Code, Nullable: true),
            new("duration_seconds", "r.duration_seconds", FieldType.Number, row => row.DurationSeconds, Nullable: true),
            new("status", "r.status", FieldType.Text),
            new("version", "r.component_version", FieldType.Text, Nullable: true),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            Fields.Json<ComponentDetails>("metadata", "r.metadata"),
            .. Shared.FieldsWithRevision<ComponentDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = new(
        EpisodeKinds.Component.Entity,
        SearchPlace.Others,
        "components",
        "components",
        "replace(coalesce(r.subtype, r.type), '_', ' ')",
        "concat_ws(' · ', replace(r.type, '_', ' '), replace(r.subtype, '_', ' '), r.notes, regexp_replace(r.file_reference, '^.*/', ''))")
    {
        EpisodeId = "r.episode_id",
    };

    /// <summary>As the words of the platform's own lists are spelled.</summary>
    private static string? Word(string? given) => given?.ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
}
