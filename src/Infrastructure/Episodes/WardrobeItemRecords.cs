using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

internal static class WardrobeItemRecords
{
    private const string SelectSamePage = """
        select other.id
        from wardrobe_items item
        join wardrobe_items other on other.client_id = item.client_id and other.product_url = item.product_url and other.id <> item.id
        where item.client_id = @ClientId and item.id = @Id and other.deleted_at is null and other.product_url is not null
        order by other.id
        limit 10
        """;

    private const string SelectSameProduct = """
        select other.id
        from wardrobe_items item
        join wardrobe_items other on other.client_id = item.client_id and lower(other.brand) = lower(item.brand) and lower(other.name) = lower(item.name)
            and lower(coalesce(other.size, '')) = lower(coalesce(item.size, '')) and other.id <> item.id
        where item.client_id = @ClientId and item.id = @Id and other.deleted_at is null and other.brand is not null
        order by other.id
        limit 10
        """;

    private static readonly string PartOf = $"""
        r.id in (
            select made.item_id
            from outfit_items made
            join outfits outfit on outfit.client_id = made.client_id and outfit.id = made.outfit_id and outfit.deleted_at is null
            where made.client_id = @ClientId and made.outfit_id = any(array({Shared.RelatedIds})))
        """;

    private static readonly string WornIn = $"""
        r.id in (
            select unnest(worn.item_ids)
            from episode_outfits worn
            join episodes e on e.client_id = worn.client_id and e.id = worn.episode_id and e.deleted_at is null
            where worn.client_id = @ClientId and worn.episode_id = any(array({Shared.RelatedIds})))
        """;

    private static readonly string WornBy = $"""
        r.id in (
            select made.item_id
            from outfit_items made
            join outfits outfit on outfit.client_id = made.client_id and outfit.id = made.outfit_id and outfit.deleted_at is null
            where made.client_id = @ClientId and lower(outfit.worn_by) = any({Shared.RelatedNames})
            union
            select unnest(worn.item_ids)
            from episode_outfits worn
            join episodes e on e.client_id = worn.client_id and e.id = worn.episode_id and e.deleted_at is null
            where worn.client_id = @ClientId and lower(worn.worn_by) = any({Shared.RelatedNames}))
        """;

    internal static readonly RecordTable<WardrobeItemFields> Table = new(
        EpisodeKinds.WardrobeItem,
        "wardrobe_items",
        [
            new("slot", "text"), new("name", "text"), new("style", "text"), new("color", "text"), new("brand", "text"), new("size", "text"), new("pattern", "text"), new("notes", "text"),
            new("product_url", "text", AsItCame: true), new("asset_id", "uuid"), new("image_reference", "text", AsItCame: true), new("attributes", "jsonb"), .. Shared.Columns,
        ])
    {
        Parents = [new(MediaAsset.Kind, "media_assets", "asset_id")],
        Tidy = static item => item with { Attributes = Shared.Object(item.Attributes), Tags = Shared.Tags(item), CustomFields = Shared.Object(item.CustomFields) },
        Counts = new Dictionary<string, string> { ["outfits"] = "select count(*) from outfit_items where client_id = @ClientId and item_id = @Id" },
        Likenesses =
        [
            new("DUPLICATE_WARDROBE_ITEM", "There is an item with the same page already.", "product_url", SelectSamePage),
            new("DUPLICATE_WARDROBE_ITEM", "There is an item of the same brand, name and size already.", "name", SelectSameProduct),
        ],
    };

    internal static readonly ListDefinition<WardrobeItemDetails> List = new(
        $"""
        r.id, r.slot, r.name, r.style, r.color, r.brand, r.size, r.pattern, r.notes, r.product_url, r.asset_id, r.image_reference, r.attributes,
        {Shared.Read}
        """,
        "wardrobe_items r",
        [
            Fields.Enum<WardrobeItemDetails, WardrobeSlot>("slot", "r.slot"),
            new("name", "r.name", FieldType.Text, row => row.Name),
            new("style", "r.style", FieldType.Text, Nullable: true),
            new("color", "r.color", FieldType.Text, Nullable: true),
            new("brand", "r.brand", FieldType.Text, row => row.Brand, Nullable: true),
            new("size", "r.size", FieldType.Text, Nullable: true),
            new("pattern", "r.pattern", FieldType.Text, Nullable: true),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            new("product_url", "r.product_url", FieldType.Code, Nullable: true),
            new("asset_id", "r.asset_id", FieldType.Uuid, Nullable: true),
            new("image_reference", "r.image_reference", FieldType.Code, Nullable: true),
            new("outfit_id", PartOf, FieldType.Related) { Related = "An outfit that it is in" },
            new("worn_by", WornBy, FieldType.Related) { Related = "Who wears it, in an outfit or in an episode, whatever the name's case" },
            new("episode_id", WornIn, FieldType.Related) { Related = "An episode in which it is worn" },
            Fields.Json<WardrobeItemDetails>("attributes", "r.attributes"),
            .. Shared.Fields<WardrobeItemDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = Searched.Of(
        Table, SearchPlace.Wardrobe, name: "r.name || ' ' || coalesce(r.brand, '')", text: "concat_ws(' · ', r.name, r.brand, r.style, r.color, r.pattern, replace(r.slot, '_', ' '), r.notes)") with
    {
        Title = "concat_ws(', ', r.name, r.brand)",
    };
}
