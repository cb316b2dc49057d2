using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

/// <summary>Clips, and who is in them.</summary>
internal static class ClipRecords
{
    private const string SelectSameHash = """
        select other.id
        from clips clip
        join clips other on other.client_id = clip.client_id and other.source_file_hash = clip.source_file_hash and other.id <> clip.id
        where clip.client_id = @ClientId and clip.id = @Id and other.deleted_at is null and other.source_file_hash is not null
        order by other.id
        limit 10
        """;

    private const string SelectSameFile = """
        select other.id
        from clips clip
        join clips other on other.client_id = clip.client_id and other.file_name = clip.file_name and other.duration_seconds = clip.duration_seconds and other.id <> clip.id
        where clip.client_id = @ClientId and clip.id = @Id and other.deleted_at is null and other.file_name is not null
        order by other.id
        limit 10
        """;

    // Of two guests of the name nobody can say which is meant. It is held: who is being erased is named by no clip that comes after.
    private const string GuestOfThatName = """
        (
            select case when count(*) = 1 then min(same.id::text)::uuid end
            from (
                select guest.id
                from guests guest
                where guest.client_id = @ClientId and lower(guest.name) = lower(normalize(f.guest_name)) and guest.deleted_at is null and guest.erased_at is null
                order by guest.id
                limit 2
                for share
            ) same
        )
        """;

    // The link was made for another name than the one that is written now.
    private const string NamesAnotherGuest = """
        exists (
            select from clips clip
            where clip.client_id = @ClientId and clip.id = @Id and clip.guest_id = f.guest_id
                and clip.guest_name is not null and clip.guest_name is distinct from normalize(f.guest_name)
        )
        """;

    internal static readonly RecordTable<TalentSourceFields> TalentSources = new(
        EpisodeKinds.TalentSource, "talent_sources", [new("name", "text"), new("description", "text"), .. Shared.Columns])
    {
        Tidy = static source => source with { Tags = Shared.Tags(source), CustomFields = Shared.Object(source.CustomFields) },
        Violations = new Dictionary<string, Func<TalentSourceFields, Error>>(StringComparer.Ordinal) { ["talent_sources_name_unique"] = static source => new TalentSourceNameTaken(source.Name) },
    };

    internal static readonly ListDefinition<TalentSourceDetails> TalentSourceList = new(
        $"r.id, r.name, r.description, {Shared.Read}",
        "talent_sources r",
        [
            new("name", "r.name", FieldType.Text, row => row.Name),
            new("description", "r.description", FieldType.Text, Nullable: true),
            .. Shared.Fields<TalentSourceDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched SearchedTalentSources = Searched.Of(TalentSources, SearchPlace.Others, name: "r.name", text: "concat_ws(' · ', r.name, r.description)");

    internal static readonly RecordTable<ClipFields> Table = new(
        EpisodeKinds.Clip,
        "clips",
        [
            new("episode_id", "uuid"), new("talent_source", "text"), new("guest_name", "text"),
            new("guest_id", "uuid") { Unless = NamesAnotherGuest, Otherwise = GuestOfThatName }, new("character", "text"), new("clip_type", "text"), new("asset_id", "uuid"),
            new("file_reference", "text", AsItCame: true), new("source_file_hash", "text"), new("duration_seconds", "double precision"), new("timecode_in", "text"), new("timecode_out", "text"),
            new("frame_rate", "double precision"), new("scene_description", "text"), new("take_number", "int"), new("quality_rating", "text"), new("status", "text"), new("notes", "text"),
            .. Shared.Columns,
        ])
    {
        LetsGo = Thumbnails.LetObjectsGo,
        Parents = [new(EpisodeKinds.Episode, "episodes", "episode_id", TakesAlong: true), new(EpisodeKinds.Guest, "guests", "guest_id"), new(MediaAsset.Kind, "media_assets", "asset_id")],
        Named = [new(EpisodeKinds.TalentSource, "talent_sources", "talent_source")],
        Tidy = static clip => clip.Spelled() with
        {
            SourceFileHash = clip.SourceFileHash?.ToLowerInvariant(), Tags = Shared.Tags(clip), CustomFields = Shared.Object(clip.CustomFields),
        },
        Likenesses =
        [
            new("DUPLICATE_CLIP", "There is a clip of the same footage already, by its hash.", "source_file_hash", SelectSameHash),
            new("DUPLICATE_CLIP", "There is a clip of a file of the same name and duration already.", "file_reference", SelectSameFile),
        ],
    };

    internal static readonly ListDefinition<ClipDetails> List = new(
        $"""
        r.id, r.episode_id, r.talent_source, r.guest_name, r.guest_id, r.character, r.clip_type, r.asset_id, r.file_reference, r.source_file_hash, r.duration_seconds,
        r.timecode_in, r.timecode_out, r.frame_rate, r.scene_description, r.take_number, r.quality_rating, r.status, r.notes,
        {Shared.Read}
        """,
        "clips r",
        [
            new("episode_id", "r.episode_id", FieldType.Uuid, Nullable: true),
            new("talent_source", "r.talent_source", FieldType.Text, Nullable: true),
            new("talent", "r.talent_source", FieldType.Text, Nullable: true), // the shorter spelling
            new("guest_name", "r.guest_name", FieldType.Text, Nullable: true),
            new("guest_id", "r.guest_id", FieldType.Uuid, Nullable: true),
            new("character", "r.character", FieldType.Text, Nullable: true),
            Fields.Enum<ClipDetails, ClipType>("clip_type", "r.clip_type"),
            new("asset_id", "r.asset_id", FieldType.Uuid, Nullable: true),
            new("file_reference", "r.file_reference", FieldType.Code, Nullable: true),
            new("source_file_hash", "r.source_file_hash", FieldType.Code, Nullable: true) { Spelled = static hash => hash.ToLowerInvariant() },
            new("duration_seconds", "r.duration_seconds", FieldType.Number, row => row.DurationSeconds, Nullable: true),
            new("timecode_in", "r.timecode_in", FieldType.Code, Nullable: true),
            new("timecode_out", "r.timecode_out", FieldType.Code, Nullable: true),
            new("frame_rate", "r.frame_rate", FieldType.Number, Nullable: true),
            new("scene_description", "r.scene_description", FieldType.Text, Nullable: true),
            new("take_number", "r.take_number", FieldType.Integer, row => row.TakeNumber, Nullable: true),
            new("quality_rating", "r.quality_rating", FieldType.Enum, Nullable: true, Names: [.. Names.All<QualityRating>().Where(name => name != Names.Of(QualityRating.Use))])
            {
                Spelled = static rating => rating == Names.Of(QualityRating.Use) ? Names.Of(QualityRating.Hero) : rating,
            },
            Fields.Enum<ClipDetails, ClipStatus>("status", "r.status"),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            .. Shared.Fields<ClipDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = Searched.Of(
        Table,
        SearchPlace.Clips,
        name: "left(coalesce(r.scene_description, ''), 200) || ' ' || coalesce(r.character, '')",
        text: "concat_ws(' · ', r.scene_description, r.character, r.talent_source, r.guest_name, r.notes, r.file_name)") with
    {
        Title = "coalesce(r.scene_description, r.character, r.file_name, r.talent_source, replace(r.clip_type, '_', ' '))",
        EpisodeId = "r.episode_id",
    };
}
