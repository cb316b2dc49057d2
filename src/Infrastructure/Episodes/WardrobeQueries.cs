using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Episodes;

/// <summary>What is worn where, and when again.</summary>
internal sealed class WardrobeQueries(DbSession db) :
    IQueryHandler<ListEpisodeOutfits, EpisodeOutfitDetails[]>, IQueryHandler<GetEpisodeOutfit, EpisodeOutfitDetails>, IQueryHandler<GetOutfitHistory, WornInEpisode[]>,
    IQueryHandler<GetItemUsage, ItemUsage>, IQueryHandler<GetOutfitConflicts, WearConflict[]>, IQueryHandler<GetEpisodeConflicts, WearConflict[]>
{
    private const string SelectOfEpisode = """
        select worn.id, worn.outfit_id, outfit.name as outfit_name, (row_number() over (order by worn.place, worn.id))::int - 1 as place, worn.worn_by, worn.scene,
            worn.document as wardrobe, coalesce(worn.outfit_version <> outfit.version, false) as is_outdated, worn.taken_at, e.version as episode_version
        from episode_outfits worn
        join episodes e on e.client_id = worn.client_id and e.id = worn.episode_id
        left join outfits outfit on outfit.client_id = worn.client_id and outfit.id = worn.outfit_id
        where worn.client_id = @ClientId and worn.episode_id = @EpisodeId
        order by place
        """;

    private const string WornIn = """
        e.id as episode_id, e.title, e.season, e.episode_number, e.status, wear_date(e.*) as worn_on, worn.outfit_id, outfit.name as outfit_name, worn.worn_by, worn.scene,
        worn.document as wardrobe
        """;

    private const string SelectHistory = $"""
        select {WornIn}
        from episode_outfits worn
        join episodes e on e.client_id = worn.client_id and e.id = worn.episode_id and e.deleted_at is null
        left join outfits outfit on outfit.client_id = worn.client_id and outfit.id = worn.outfit_id
        where worn.client_id = @ClientId and worn.outfit_id = @OutfitId
        order by worn_on desc nulls last, e.id
        limit @Limit
        """;

    private const string SelectOutfitsOfItem = """
        select outfit.id as outfit_id, outfit.name, outfit.outfit_type, outfit.worn_by
        from outfit_items used
        join outfits outfit on outfit.client_id = used.client_id and outfit.id = used.outfit_id and outfit.deleted_at is null
        where used.client_id = @ClientId and used.item_id = @ItemId
        order by outfit.name, outfit.id
        limit @Limit
        """;

    private const string SelectEpisodesOfItem = $"""
        select {WornIn}
        from episode_outfits worn
        join episodes e on e.client_id = worn.client_id and e.id = worn.episode_id and e.deleted_at is null
        left join outfits outfit on outfit.client_id = worn.client_id and outfit.id = worn.outfit_id
        where worn.client_id = @ClientId and worn.item_ids @> array[@ItemId::uuid]
        order by worn_on desc nulls last, e.id
        limit @Limit
        """;

    private const string SelectWearDate = """
        select wear_date(e.*) as date
        from episodes e
        where e.client_id = @ClientId and e.id = @EpisodeId and e.deleted_at is null
        """;

    // What is to be worn: an outfit, as it is now, or all that an episode has.
    private const string SelectConflicts = """
        with planned as (
            select @OutfitId::uuid as outfit_id, array(select item_id from outfit_items where client_id = @ClientId and outfit_id = @OutfitId) as item_ids
            where @OutfitId::uuid is not null
            union all
            select outfit_id, item_ids
            from episode_outfits
            where @OutfitId::uuid is null and client_id = @ClientId and episode_id = @EpisodeId
        )
        select planned.outfit_id, e.id as episode_id, e.title, e.season, e.episode_number, e.status, wear_date(e.*) as worn_on, abs(wear_date(e.*) - @Date::date) as days_apart,
            coalesce(worn.outfit_id = planned.outfit_id, false) as is_same_outfit,
            array(select unnest(worn.item_ids) intersect select unnest(planned.item_ids) order by 1) as shared_item_ids
        from planned
        join episode_outfits worn on worn.client_id = @ClientId and (worn.outfit_id = planned.outfit_id or worn.item_ids && planned.item_ids)
        join episodes e on e.client_id = worn.client_id and e.id = worn.episode_id and e.deleted_at is null and e.status <> 'canceled'
        where e.id is distinct from @EpisodeId::uuid
            and abs(wear_date(e.*) - @Date::date) < coalesce(@CoolDownDays::int, (select wardrobe_cool_down_days from clients where id = @ClientId))
        order by days_apart, is_same_outfit desc, e.id
        limit 200
        """;

    public async Task<Result<EpisodeOutfitDetails[]>> Handle(ListEpisodeOutfits query, CancellationToken cancellationToken) =>
        (await db.List<EpisodeOutfitDetails>(SelectOfEpisode, new { db.ClientId, query.EpisodeId }, cancellationToken)).ToArray();

    public async Task<Result<EpisodeOutfitDetails>> Handle(GetEpisodeOutfit query, CancellationToken cancellationToken) =>
        (await db.List<EpisodeOutfitDetails>(SelectOfEpisode, new { db.ClientId, query.EpisodeId }, cancellationToken)).FirstOrDefault(worn => worn.Id == query.Id || worn.OutfitId == query.Id) is { } found
            ? found
            : new EpisodeOutfitNotFound(query.EpisodeId, query.Id);

    public async Task<Result<WornInEpisode[]>> Handle(GetOutfitHistory query, CancellationToken cancellationToken) =>
        (await db.List<WornInEpisode>(SelectHistory, new { db.ClientId, query.OutfitId, Limit = GetOutfitHistory.Most }, cancellationToken)).ToArray();

    public async Task<Result<ItemUsage>> Handle(GetItemUsage query, CancellationToken cancellationToken)
    {
        var of = new { db.ClientId, query.ItemId, Limit = GetOutfitHistory.Most };
        return new ItemUsage(
            [.. await db.List<OutfitOfItem>(SelectOutfitsOfItem, of, cancellationToken)], [.. await db.List<WornInEpisode>(SelectEpisodesOfItem, of, cancellationToken)]);
    }

    public async Task<Result<WearConflict[]>> Handle(GetOutfitConflicts query, CancellationToken cancellationToken)
    {
        var date = query.Date;
        if (query.EpisodeId is { } episode && date is null)
        {
            if (await db.Find<WearDay>(SelectWearDate, new { db.ClientId, query.EpisodeId }, cancellationToken) is not { } found) return new ParentNotFound(EpisodeKinds.Episode, episode, "episode_id");
            date = found.Date;
        }

        return date is { } day ? await Conflicts(query.OutfitId, query.EpisodeId, day, query.CoolDownDays, cancellationToken) : new WearDateUnknown();
    }

    public async Task<Result<WearConflict[]>> Handle(GetEpisodeConflicts query, CancellationToken cancellationToken) =>
        await db.Find<WearDay>(SelectWearDate, new { db.ClientId, query.EpisodeId }, cancellationToken) is { Date: { } day }
            ? await Conflicts(outfit: null, query.EpisodeId, day, query.CoolDownDays, cancellationToken)
            : Array.Empty<WearConflict>(); // no day, no conflict

    private async Task<WearConflict[]> Conflicts(Guid? outfit, Guid? episode, DateOnly date, int? coolDownDays, CancellationToken cancellationToken) =>
        [.. await db.List<WearConflict>(SelectConflicts, new { db.ClientId, OutfitId = outfit, EpisodeId = episode, Date = date, CoolDownDays = coolDownDays }, cancellationToken)];

    private sealed record WearDay(DateOnly? Date);
}
