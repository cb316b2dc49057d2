using System.Text.Json;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Episodes;

internal sealed class Wardrobe(DbSession db, TimeProvider time) : IWardrobe
{
    /// <summary>What stands in a document for an item <c>item</c>: what is said of it, and its scalar attributes.</summary>
    private const string Piece = """
        jsonb_strip_nulls(
            coalesce((select jsonb_object_agg(key, value) from jsonb_each(item.attributes) where jsonb_typeof(value) not in ('object', 'array')), '{}')
            || jsonb_build_object(
                'item_id', item.id, 'name', item.name, 'style', item.style, 'color', item.color, 'brand', item.brand, 'size', item.size, 'pattern', item.pattern, 'notes', item.notes,
                'product_url', item.product_url, 'image_reference', item.image_reference, 'asset_id', item.asset_id))
        """;

    private const string SelectItems = $"""
        select item.id, item.slot, {Piece} as piece, item.deleted_at is not null as is_in_trash
        from wardrobe_items item
        where item.client_id = @ClientId and item.id = any(@Ids)
        order by item.id
        for share of item
        """;

    private const string SelectOutfit = """
        select id, worn_by, version, deleted_at is not null as is_in_trash, items,
            jsonb_strip_nulls(jsonb_build_object('outfit_type', outfit_type, 'pattern', pattern, 'notes', notes, 'overall_image', image_reference, 'asset_id', asset_id)) as main_outfit
        from outfits
        where client_id = @ClientId and id = @Id
        for share
        """;

    private const string SelectMissing = """
        select given.id
        from unnest(@Ids::uuid[]) as given (id)
        where not exists (select from outfits where client_id = @ClientId and outfits.id = given.id and deleted_at is null)
        """;

    private const string SelectOfEpisode = """
        select id, outfit_id, outfit_version, (row_number() over (order by place, id))::int - 1 as place, worn_by, scene, document
        from episode_outfits
        where client_id = @ClientId and episode_id = @EpisodeId
        order by place
        """;

    private const string Insert = """
        insert into episode_outfits (
            client_id, id, episode_id, outfit_id, outfit_version, place, worn_by, scene, document, item_ids, taken_at, created_at, created_by_kind, created_by)
        values (
            @ClientId, @Id, @EpisodeId, @OutfitId, @OutfitVersion, @Place, normalize(@WornBy), normalize(@Scene), @Document, @ItemIds, @Now, @Now, @ActorKind, @ActorId)
        """;

    private const string Update = """
        update episode_outfits
        set outfit_id = @OutfitId, outfit_version = @OutfitVersion, worn_by = normalize(@WornBy), scene = normalize(@Scene),
            taken_at = case when document is distinct from @Document::jsonb or outfit_version is distinct from @OutfitVersion::int then @Now::timestamptz else taken_at end,
            document = @Document, item_ids = @ItemIds
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateOrder = """
        update episode_outfits
        set place = array_position(@Ids, id) - 1
        where client_id = @ClientId and episode_id = @EpisodeId and place is distinct from array_position(@Ids, id) - 1
        """;

    private const string Delete = """
        delete from episode_outfits
        where client_id = @ClientId and episode_id = @EpisodeId and (@Id::uuid is null or id = @Id)
        """;

    private const string UpdateEpisode = """
        with worn as (
            select document, row_number() over (order by place, id) as place
            from episode_outfits
            where client_id = @ClientId and episode_id = @EpisodeId
        )
        update episodes
        set wardrobe = coalesce((select document from worn where place = 1), '{}'),
            more_outfits = coalesce((select jsonb_agg(document order by place) from worn where place > 1), '[]'),
            updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @EpisodeId
        returning version
        """;

    private const string UpdateOthers = """
        update episodes
        set more_outfits = coalesce((
            select jsonb_agg(document order by place)
            from (
                select document, row_number() over (order by place, id) as place
                from episode_outfits
                where client_id = @ClientId and episode_id = @EpisodeId
            ) worn
            where place > 1), '[]')
        where client_id = @ClientId and id = @EpisodeId
        """;

    private const string SelectWornRecently = """
        select other.episode_id as id, coalesce(other.outfit_id = @OutfitId::uuid, false) as is_same, wear_date(e.*) as worn_on, client.wardrobe_cool_down_days as cool_down_days
        from episodes episode
        join clients client on client.id = episode.client_id
        join episode_outfits other on other.client_id = episode.client_id and other.episode_id <> episode.id and (other.outfit_id = @OutfitId::uuid or other.item_ids && @ItemIds)
        join episodes e on e.client_id = other.client_id and e.id = other.episode_id
        where episode.client_id = @ClientId and episode.id = @EpisodeId and e.deleted_at is null and e.status <> 'canceled'
            and abs(wear_date(e.*) - wear_date(episode.*)) < client.wardrobe_cool_down_days
        order by abs(wear_date(e.*) - wear_date(episode.*)), other.episode_id
        limit 50
        """;

    public async Task<IReadOnlyList<HeldItem>> HoldItems(Guid[] ids, CancellationToken cancellationToken) => ids.Length == 0
        ? []
        : [.. (await db.List<ItemRow>(SelectItems, new { db.ClientId, Ids = ids }, cancellationToken)).Select(row => new HeldItem(row.Id, Names.Require<WardrobeSlot>(row.Slot), row.Piece, row.IsInTrash))];

    public Task<IReadOnlyList<Guid>> FindMissing(Guid[] ids, CancellationToken cancellationToken) => db.List<Guid>(SelectMissing, new { db.ClientId, Ids = ids }, cancellationToken);

    public async Task<HeldOutfit?> HoldOutfit(Guid id, CancellationToken cancellationToken)
    {
        if (await db.Find<OutfitRow>(SelectOutfit, new { db.ClientId, Id = id }, cancellationToken) is not { } row) return null;

        var listed = row.Items.Deserialize<OutfitItem[]>(Application.Records.RecordJson.Options)!;
        var items = (await HoldItems([.. listed.Select(item => item.ItemId)], cancellationToken)).ToDictionary(item => item.Id);
        var pieces = from item in listed
                     where items.ContainsKey(item.ItemId)
                     let held = items[item.ItemId]
                     select (item.Slot ?? held.Slot, item.Notes is null ? held.Piece : Noted(held.Piece, item.Notes));
        return new HeldOutfit(row.Id, row.WornBy, WardrobeDocument.Compose(row.Id, row.MainOutfit, pieces), row.Version, row.IsInTrash);
    }

    public Task<IReadOnlyList<WornOutfit>> Of(Guid episodeId, CancellationToken cancellationToken) =>
        db.List<WornOutfit>(SelectOfEpisode, new { db.ClientId, EpisodeId = episodeId }, cancellationToken);

    public Task PutOn(Guid episodeId, WornOutfit outfit, CancellationToken cancellationToken) => db.Execute(Insert, Row(episodeId, outfit), cancellationToken);

    public Task Save(Guid episodeId, WornOutfit outfit, CancellationToken cancellationToken) => db.Execute(Update, Row(episodeId, outfit), cancellationToken);

    public Task Order(Guid episodeId, Guid[] ids, CancellationToken cancellationToken) => db.Execute(UpdateOrder, new { db.ClientId, EpisodeId = episodeId, Ids = ids }, cancellationToken);

    public Task TakeOff(Guid episodeId, Guid? id, CancellationToken cancellationToken) => db.Execute(Delete, new { db.ClientId, EpisodeId = episodeId, Id = id }, cancellationToken);

    public async Task<long> Show(Guid episodeId, CancellationToken cancellationToken) =>
        await db.Single<int>(UpdateEpisode, new { db.ClientId, EpisodeId = episodeId, Now = time.GetUtcNow() }, cancellationToken);

    public Task ShowOthers(Guid episodeId, CancellationToken cancellationToken) => db.Execute(UpdateOthers, new { db.ClientId, EpisodeId = episodeId }, cancellationToken);

    public async Task<Finding[]> WornRecently(Guid episodeId, WornOutfit outfit, CancellationToken cancellationToken)
    {
        var worn = await db.List<RecentRow>(SelectWornRecently, new { db.ClientId, EpisodeId = episodeId, outfit.OutfitId, ItemIds = ItemsOf(outfit) }, cancellationToken);
        Guid[] same = [.. worn.Where(row => row.IsSame).Select(row => row.Id)];
        Guid[] alike = [.. worn.Select(row => row.Id).Except(same)];
        return
        [
            .. same.Length > 0 ? [Found("OUTFIT_WORN_RECENTLY", "The outfit is", same)] : Array.Empty<Finding>(),
            .. alike.Length > 0 ? [Found("ITEMS_WORN_RECENTLY", "Pieces of it are", alike)] : Array.Empty<Finding>(),
        ];

        Finding Found(string code, string what, Guid[] episodes)
        {
            var nearest = worn.First(row => episodes.Contains(row.Id));
            return new Finding(code, $"{what} worn in other episodes within the {nearest.CoolDownDays} days of cool-down, the nearest on {nearest.WornOn:yyyy-MM-dd}.", "wardrobe", episodes);
        }
    }

    private static JsonElement Noted(JsonElement piece, string notes)
    {
        var noted = System.Text.Json.Nodes.JsonObject.Create(piece)!;
        noted["notes"] = notes;
        return JsonSerializer.SerializeToElement(noted);
    }

    private static Guid[] ItemsOf(WornOutfit outfit) => [.. WardrobeDocument.Items(outfit.Document).Select(item => item.Id).Distinct()];

    private object Row(Guid episodeId, WornOutfit outfit) => new
    {
        db.ClientId, outfit.Id, EpisodeId = episodeId, outfit.OutfitId, outfit.OutfitVersion, outfit.Place, outfit.WornBy, outfit.Scene, outfit.Document, ItemIds = ItemsOf(outfit),
        Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId,
    };

    private sealed record ItemRow(Guid Id, string Slot, JsonElement Piece, bool IsInTrash);

    private sealed record OutfitRow(Guid Id, string? WornBy, int Version, bool IsInTrash, JsonElement Items, JsonElement MainOutfit);

    private sealed record RecentRow(Guid Id, bool IsSame, DateOnly WornOn, int CoolDownDays);
}
