using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Tagging;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

internal static class EpisodeRecords
{
    private const string ItsShow = "coalesce((select show_id from episodes where client_id = @ClientId and id = @Id), default_show(@ClientId))";

    // What was released stays so since when it first was, also when it is written again without the time.
    private const string SinceWhen = """
        case when f.status = 'published' then coalesce((select released_at from episodes where client_id = @ClientId and id = @Id), @Now::timestamptz) end
        """;

    // The script is a record of its own; its active version says where its file lies. Where there is none, the document is read as it lies.
    private const string Content = """
        coalesce(
            (
                select r.content || jsonb_build_object('script', version.file_reference)
                from scripts script
                join script_versions version on version.client_id = script.client_id and version.script_id = script.id and version.number = script.active_version
                where script.client_id = r.client_id and script.episode_id = r.id and script.kind = 'main' and script.deleted_at is null),
            r.content)
        """;

    internal static readonly RecordTable<EpisodeFields> Table = new(
        EpisodeKinds.Episode,
        "episodes",
        [
            new("show_id", "uuid") { Otherwise = ItsShow }, new("title", "text"), new("description", "text"), new("season", "int"), new("episode_number", "int"),
            new("status", "text"), new("filming_date", "date"), new("edit_deadline", "date"), new("publish_date", "date"), new("release_date", "date"),
            new("released_at", "timestamptz") { Otherwise = SinceWhen }, new("duration_seconds", "int"), new("language", "text"), new("copyright", "text"), new("location", "text"),
            new("geographic_availability", "text[]"), new("production_notes", "jsonb"), new("content", "jsonb"), new("wardrobe", "jsonb"),
            new("ui_elements", "jsonb"), new("backgrounds", "jsonb"), new("guest_info", "jsonb"), .. Shared.Columns,
        ])
    {
        LetsGo = Thumbnails.LetObjectsGo,
        Parents = [new(EpisodeKinds.Show, "shows", "show_id", TakesAlong: true, As: "episodes")],
        Tidy = static episode => episode with
        {
            GeographicAvailability = Tags.Normalise(episode.GeographicAvailability ?? []), ProductionNotes = Shared.Object(episode.ProductionNotes),
            Content = new(Script: null, episode.Content?.Trailer), Wardrobe = Shared.Object(episode.Wardrobe),
            UiElements = Shared.Object(episode.UiElements), Backgrounds = Shared.Object(episode.Backgrounds), GuestInfo = Shared.Object(episode.GuestInfo),
            Tags = Shared.Tags(episode), CustomFields = Shared.Object(episode.CustomFields),
        },
        Violations = new Dictionary<string, Func<EpisodeFields, Error>>(StringComparer.Ordinal)
        {
            ["episodes_number_unique"] = static episode => new EpisodeNumberTaken(episode.Season, episode.EpisodeNumber!.Value),
        },
    };

    internal static readonly ListDefinition<EpisodeDetails> List = new(
        $"""
        r.id, r.show_id, r.title, r.description, r.season, r.episode_number, r.status, r.filming_date, r.edit_deadline, r.publish_date,
        r.release_date, r.released_at, r.duration_seconds, r.language, r.copyright, r.location, r.geographic_availability, r.production_notes,
        {Content} as content, r.wardrobe, r.ui_elements, r.backgrounds, r.guest_info,
        {ThumbnailQueries.UrlOfEpisode} as thumbnail_url, {Shared.Read}
        """,
        "episodes r",
        [
            new("show_id", "r.show_id", FieldType.Uuid),
            new("title", "r.title", FieldType.Text, row => row.Title),
            new("description", "r.description", FieldType.Text, Nullable: true),
            new("season", "r.season", FieldType.Integer, row => row.Season, Nullable: true),
            new("episode_number", "r.episode_number", FieldType.Integer, row => row.EpisodeNumber, Nullable: true),
            Fields.Enum<EpisodeDetails, EpisodeStatus>("status", "r.status"),
            new("filming_date", "r.filming_date", FieldType.Date, row => row.FilmingDate, Nullable: true),
            new("edit_deadline", "r.edit_deadline", FieldType.Date, row => row.EditDeadline, Nullable: true),
            new("publish_date", "r.publish_date", FieldType.Date, row => row.PublishDate, Nullable: true),
            new("release_date", "r.release_date", FieldType.Date, row => row.ReleaseDate, Nullable: true),
            new("released_at", "r.released_at", FieldType.Instant, Nullable: true),
            new("duration_seconds", "r.duration_seconds", FieldType.Integer, Nullable: true),
            new("language", "r.language", FieldType.Text, Nullable: true),
            new("copyright", "r.copyright", FieldType.Text, Nullable: true),
            new("location", "r.location", FieldType.Text, Nullable: true),
            new("geographic_availability", "r.geographic_availability", FieldType.TextArray) { IsIndexed = false },
            Fields.Json<EpisodeDetails>("production_notes", "r.production_notes"),
            Fields.Json<EpisodeDetails>("content", "r.content") with { IsIndexed = false },
            Fields.Json<EpisodeDetails>("wardrobe", "r.wardrobe", alsoBelow: "main_outfit") with { AlsoIn = "r.more_outfits", InLists = true, Terms = "r.worn" },
            Fields.Json<EpisodeDetails>("ui_elements", "r.ui_elements"),
            Fields.Json<EpisodeDetails>("backgrounds", "r.backgrounds"),
            new("ui_element", SharedAssetTables.UiElements.Shows, FieldType.Related),
            new("background", SharedAssetTables.Backgrounds.Shows, FieldType.Related),
            Fields.Json<EpisodeDetails>("guest_info", "r.guest_info") with { IsIndexed = false },
            .. Shared.Fields<EpisodeDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = Searched.Of(Table, SearchPlace.Episodes, name: "r.title", text: "concat_ws(' · ', r.title, r.location, r.description)") with { EpisodeId = "r.id" };
}
