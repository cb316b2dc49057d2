using MediaPlatform.Application.Library;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Tagging;
using MediaPlatform.Infrastructure.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class StockLibrary(DbSession db, LibraryOptions options, TimeProvider time) : ILibrary, IQueryHandler<SearchLibrary, FoundInLibrary>
{
    // Of a text the most frequent words, ten at most.
    private const string SelectWords = """
        select case when @Text::text is null then tag_tokens(array(select normalize(tag) from unnest(@Tags::text[]) tag)) else tags_of_text(normalize(@Text::text), 10) end
        """;

    private const string SelectAssets = $"""
        select {MediaQueries.Columns}
        from media_assets r
        where r.client_id = @ClientId and r.id = any(@Ids)
        """;

    private const string SelectByPage = """
        select id, deleted_at, status <> 'failed' as is_readable
        from media_assets
        where client_id = @ClientId and provider = @Provider and source_url = @PageUrl
        order by deleted_at is not null, status = 'failed', id
        limit 1
        """;

    // In their order: whoever else uses some of them waits and is not locked out. The column is the machine's, and its trigger logs no change of it; what somebody says is logged here.
    private const string UpdateUsed = """
        with held as (
            select id, last_used_at
            from media_assets
            where client_id = @ClientId and id = any(@Ids) and deleted_at is null
            order by id
            for no key update
        ), logged as (
            insert into change_log (client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes, critical)
            select @ClientId, @ActorKind, @ActorId, @RequestId, 'media_asset', id, 'update', jsonb_build_object('last_used_at', jsonb_build_object('old', last_used_at, 'new', @Now::timestamptz)), false
            from held
        )
        update media_assets asset
        set last_used_at = @Now
        from held
        where asset.client_id = @ClientId and asset.id = held.id
        """;

    public async Task<IReadOnlyList<string[]>> Words(IReadOnlyList<(IReadOnlyList<string> Tags, string? Text)> asked, CancellationToken cancellationToken)
    {
        var words = new List<string[]>(asked.Count);
        foreach (var (tags, text) in asked) words.Add(await db.Single<string[]>(SelectWords, new { Tags = Tags.Normalise(tags), Text = text }, cancellationToken));
        return words;
    }

    public Task<IReadOnlyList<ScoredItem>> Search(
        MediaType type, IReadOnlyList<string> tokens, Wishes wishes, double boost, IReadOnlyCollection<Guid> without, int limit, CancellationToken cancellationToken) => db.List<ScoredItem>(
        LibrarySearch.Statement,
        new
        {
            db.ClientId, Type = Names.Of(type), Tokens = tokens.ToArray(), wishes.MinWidth, wishes.MinHeight, MinDurationMs = type is MediaType.Video ? wishes.MinDurationMs : null,
            LnAspect = wishes.DesiredAspectRatio is { } ratio ? Math.Log(ratio) : (double?)null, Boost = boost, Without = without.ToArray(), Limit = limit, Now = time.GetUtcNow(),
        },
        cancellationToken);

    public Task<KnownStock?> FindByPage(string provider, string pageUrl, CancellationToken cancellationToken) =>
        db.Find<KnownStock>(SelectByPage, new { db.ClientId, Provider = provider, PageUrl = pageUrl }, cancellationToken);

    public Task<int> MarkUsed(IReadOnlyList<Guid> assets, CancellationToken cancellationToken) =>
        db.Execute(
        UpdateUsed,
        new { db.ClientId, Ids = assets.ToArray(), ActorKind = db.Caller.KindName, db.Caller.ActorId, db.Caller.RequestId, Now = time.GetUtcNow() },
        cancellationToken);

    public async Task<Result<FoundInLibrary>> Handle(SearchLibrary query, CancellationToken cancellationToken)
    {
        var hasTags = query.Tags is { Count: > 0 };
        var tokens = (await Words([(query.Tags ?? [], hasTags ? null : query.Text)], cancellationToken))[0];
        Error[] errors = [.. Segments.Refused(tokens, hasTags ? "tags" : "text")];
        if (errors.Length > 0) return errors;

        var items = await Search(query.Type!.Value, tokens, query.Wishes, query.Wishes.PreferRecencyBoost ?? options.PreferRecencyBoost, [], query.MaxResults, cancellationToken);
        var assets = await db.List<MediaAssetDetails>(SelectAssets, new { db.ClientId, Ids = items.Select(item => item.AssetId).ToArray() }, cancellationToken);
        var byId = assets.ToDictionary(asset => asset.Id);
        return new FoundInLibrary(tokens, [.. items.Where(item => byId.ContainsKey(item.AssetId))], byId); // one may be gone since
    }
}
