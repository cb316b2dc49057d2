using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

internal static class OutfitRecords
{
    private const string TimesWorn = """
        (
            select count(*)::int
            from episode_outfits worn
            join episodes e on e.client_id = worn.client_id and e.id = worn.episode_id and e.deleted_at is null
            where worn.client_id = r.client_id and worn.outfit_id = r.id)
        """;

    private static readonly string WornIn = $"""
        r.id in (
            select worn.outfit_id
            from episode_outfits worn
            join episodes e on e.client_id = worn.client_id and e.id = worn.episode_id and e.deleted_at is null
            where worn.client_id = @ClientId and worn.episode_id = any(array({Shared.RelatedIds})))
        """;

    internal static readonly RecordTable<OutfitFields> Table = new(
        EpisodeKinds.Outfit,
        "outfits",
        [
            new("name", "text"), new("outfit_type", "text"), new("pattern", "text"), new("worn_by", "text"), new("notes", "text"), new("asset_id", "uuid"),
            new("image_reference", "text", AsItCame: true), new("items", "jsonb"), .. Shared.Columns,
        ])
    {
        LetsGo = Thumbnails.LetObjectsGo,
        Parents = [new(MediaAsset.Kind, "media_assets", "asset_id")],
        Tidy = static outfit => outfit with { Items = outfit.Items ?? [], Tags = Shared.Tags(outfit), CustomFields = Shared.Object(outfit.CustomFields) },
        Counts = new Dictionary<string, string> { ["worn_in_episodes"] = "select count(*) from episode_outfits where client_id = @ClientId and outfit_id = @Id" },
    };

    internal static readonly ListDefinition<OutfitDetails> List = new(
        $"""
        r.id, r.name, r.outfit_type, r.pattern, r.worn_by, r.notes, r.asset_id, r.image_reference, r.items, {TimesWorn} as times_worn,
        {Shared.Read}
        """,
        "outfits r",
        [
            new("name", "r.name", FieldType.Text, row => row.Name),
            new("outfit_type", "r.outfit_type", FieldType.Text, Nullable: true),
            new("pattern", "r.pattern", FieldType.Text, Nullable: true),
            new("worn_by", "r.worn_by", FieldType.Text, Nullable: true),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            new("asset_id", "r.asset_id", FieldType.Uuid, Nullable: true),
            new("brand", MadeOf($"lower(item.brand) = any({Shared.RelatedNames})"), FieldType.Related) { Related = "The brand of one of its items, whatever its case" },
            new("slot", MadeOf($"item.slot = any({Shared.RelatedNames})"), FieldType.Related) { Related = "What one of its items is, such as shoes" },
            new("item_id", MadeOf($"item.id = any({Shared.RelatedIds})"), FieldType.Related) { Related = "One of its items" },
            new("episode_id", WornIn, FieldType.Related) { Related = "An episode in which it is worn" },
            new("image_reference", "r.image_reference", FieldType.Code, Nullable: true),
            .. Shared.Fields<OutfitDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = Searched.Of(
        Table, SearchPlace.Wardrobe, name: "r.name", text: "concat_ws(' · ', r.name, r.outfit_type, r.worn_by, r.pattern, r.items_text, r.notes)");

    /// <summary>Whether an outfit has an item that is so.</summary>
    private static string MadeOf(string isSo) => $"""
        r.id in (
            select made.outfit_id
            from outfit_items made
            join wardrobe_items item on item.client_id = made.client_id and item.id = made.item_id
            where made.client_id = @ClientId and {isSo})
        """;
}
