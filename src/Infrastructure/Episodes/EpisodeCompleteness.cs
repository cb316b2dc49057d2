using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Schema;

namespace MediaPlatform.Infrastructure.Episodes;

/// <summary>What the area's records should have: a line for each.</summary>
internal static class EpisodeCompleteness
{
    // an episode has one script of a kind, and its active version is what counts
    private const string HasScript = "exists (select from scripts s where s.client_id = r.client_id and s.episode_id = r.id and s.kind = 'main' and s.active_version is not null and s.deleted_at is null)";
    private const string HasClips = "exists (select from clips c where c.client_id = r.client_id and c.episode_id = r.id and c.deleted_at is null)";

    internal static readonly IReadOnlyList<Completeness> Kinds =
    [
        new(
            "episodes",
            "episodes r",
            "r.title",
            [
                new("description", "r.description is not null"),
                new("episode_number", "r.episode_number is not null"),
                new("filming_date", "r.filming_date is not null"),
                new("publish_date", "r.publish_date is not null"),
                new("tags", "r.tags <> '{}'"),
                new("production_notes", Completeness.Filled("r.production_notes")),
                new("script", HasScript),
                new("trailer", "r.content ->> 'trailer' is not null"),
                new("wardrobe", "r.worn <> '{}'"),
                new("ui_elements", Shows("episode_ui_elements")),
                new("backgrounds", Shows("episode_backgrounds")),
                new("clips", HasClips),
            ])
        {
            Filters = [new("show_id", "r.show_id", FieldType.Uuid), new("status", "r.status", FieldType.Enum, Names: Names.All<EpisodeStatus>())],
        },
        new(
            "clips",
            "clips r",
            "r.scene_description",
            [
                new("episode_id", "r.episode_id is not null"),
                new("talent_source", "r.talent_source is not null"),
                new("footage", "(r.asset_id is not null or r.file_reference is not null)"),
                new("timecode_in", "r.timecode_in is not null"),
                new("timecode_out", "r.timecode_out is not null"),
                new("quality_rating", "r.quality_rating is not null"),
                new("scene_description", "r.scene_description is not null"),
            ])
        {
            Filters = [new("status", "r.status", FieldType.Enum, Names: Names.All<ClipStatus>())],
        },
        new(
            "wardrobe-items",
            "wardrobe_items r",
            "r.name",
            [
                new("brand", "r.brand is not null"),
                new("color", "r.color is not null"),
                new("size", "r.size is not null"),
                new("style", "r.style is not null"),
                new("image", "(r.asset_id is not null or r.image_reference is not null)"),
            ]),
        new(
            "outfits",
            "outfits r",
            "r.name",
            [
                new("items", "r.items <> '[]'"),
                new("outfit_type", "r.outfit_type is not null"),
                new("worn_by", "r.worn_by is not null"),
                new("image", "(r.asset_id is not null or r.image_reference is not null)"),
            ]),
        new(
            "scripts",
            """
            scripts r
            join episodes e on e.client_id = r.client_id and e.id = r.episode_id and e.deleted_at is null
            left join script_versions v on v.client_id = r.client_id and v.script_id = r.id and v.number = r.active_version
            """,
            "e.title",
            [
                new("text", "v.body is not null"),
                new("author", "v.author is not null"),
                new("approval", "coalesce(v.approval_status = 'approved', false)"),
            ])
        {
            Of = "episodes",
            HasCustomFields = false,
            Filters = [new("show_id", "e.show_id", FieldType.Uuid)],
        },
    ];

    /// <summary>Whether an episode shows any: a document may have roles and nothing in them.</summary>
    private static string Shows(string uses) => $"exists (select from {uses} u where u.client_id = r.client_id and u.episode_id = r.id)";
}
