using MediaPlatform.Application.Library;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class StockEviction(DbSession db) : IStockEviction
{
    private const int AtATime = 500;

    private const string Bytes = """
        asset.size_bytes + coalesce((select sum(variant.size_bytes) from media_variants variant where variant.client_id = asset.client_id and variant.asset_id = asset.id), 0)::bigint
        """;

    // Along the order of use, from where the ones before ended; so many are looked at, however few of them can go.
    private const string SelectOldest = $"""
        select asset.id as asset_id, coalesce(asset.provider, 'unknown') as provider, asset.original_filename, coalesce(asset.last_used_at, asset.created_at) as used_at, {Bytes} as bytes,
            asset.status = 'processing' or asset_is_in_use(asset.client_id, asset.id) as is_in_use
        from media_assets asset
        where asset.client_id = @ClientId and asset.source = 'stock' and (@Provider::text is null or coalesce(asset.provider, 'unknown') = @Provider)
            and (@UsedAt::timestamptz is null or (coalesce(asset.last_used_at, asset.created_at), asset.id) > (@UsedAt, @Id::uuid))
        order by coalesce(asset.last_used_at, asset.created_at), asset.id
        limit @AtMost
        """;

    // Whoever holds one is about to refer to it, or to change it: it is left to another time.
    private const string Lock = """
        select asset.id
        from media_assets asset
        where asset.client_id = @ClientId and asset.id = any(@Ids)
        order by asset.id
        for update skip locked
        """;

    // In a statement of its own, after they are locked: what came to refer to one while it was looked for is seen now, and nothing can come to refer to one any more.
    private const string SelectUnused = """
        select asset.id
        from media_assets asset
        where asset.client_id = @ClientId and asset.id = any(@Ids) and not asset_is_in_use(asset.client_id, asset.id)
        """;

    // Renditions go after their originals.
    private const string LetObjectsGo = """
        with object as (
            select id as asset_id, storage_provider, storage_key
            from media_assets
            where client_id = @ClientId and id = any(@Ids)
            union all
            select asset_id, storage_provider, storage_key
            from media_variants
            where client_id = @ClientId and asset_id = any(@Ids)
        ), folder as (
            select storage_provider, regexp_replace(storage_key, '[^/]+$', '') as storage_key, interval '0' as later
            from object
            where storage_key not like 's3://%' and storage_key not like 'renditions/%'
            union
            select storage_provider, renditions_folder(asset_id), interval '1 second'
            from object
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason, due_at)
        select @ClientId, storage_provider, storage_key, 'evicted', now() + later
        from folder
        """;

    private const string Delete = """
        delete from media_assets
        where client_id = @ClientId and id = any(@Ids)
        """;

    private const string SelectUsage = """
        select provider, sum(items)::bigint as items, sum(bytes)::bigint as bytes, (select (library_provider_caps ->> provider)::bigint from clients where id = @ClientId) as cap_bytes
        from (
            select provider, items, bytes
            from library_usage
            where client_id = @ClientId
            union all
            select provider, items, bytes
            from library_usage_changes
            where client_id = @ClientId
        ) usage
        group by provider
        having sum(items) <> 0 or sum(bytes) <> 0
        order by provider
        """;

    public async Task<Evicted> Evict(string? provider, long bytes, EvictionPlace? after, int atMost, CancellationToken cancellationToken)
    {
        var oldest = await Oldest(provider, after, atMost, cancellationToken);
        var chosen = UpTo(bytes, oldest);
        var held = await db.List<Guid>(Lock, new { db.ClientId, Ids = chosen.Select(item => item.AssetId).ToArray() }, cancellationToken);
        var ids = (await db.List<Guid>(SelectUnused, new { db.ClientId, Ids = held.ToArray() }, cancellationToken)).ToArray();
        await db.Execute(LetObjectsGo, new { db.ClientId, Ids = ids }, cancellationToken);
        await db.Execute(Delete, new { db.ClientId, Ids = ids }, cancellationToken);
        return new(ids.Length, chosen.Where(item => ids.Contains(item.AssetId)).Sum(item => item.Bytes), oldest.Count < atMost ? null : new(oldest[^1].UsedAt, oldest[^1].AssetId));
    }

    public async Task<IReadOnlyList<EvictionCandidate>> Preview(string? provider, long bytes, int atMost, CancellationToken cancellationToken)
    {
        var (found, seen, place) = (new List<EvictionCandidate>(), 0, (EvictionPlace?)null);
        while (seen < atMost && found.Sum(item => item.Bytes) < bytes)
        {
            var oldest = await Oldest(provider, place, AtATime, cancellationToken);
            found.AddRange(UpTo(bytes - found.Sum(item => item.Bytes), oldest));
            if (oldest.Count < AtATime) break;
            (seen, place) = (seen + oldest.Count, new(oldest[^1].UsedAt, oldest[^1].AssetId));
        }

        return found;
    }

    public Task<IReadOnlyList<ProviderUsage>> Usage(CancellationToken cancellationToken) => db.List<ProviderUsage>(SelectUsage, new { db.ClientId }, cancellationToken);

    private Task<IReadOnlyList<Row>> Oldest(string? provider, EvictionPlace? after, int atMost, CancellationToken cancellationToken) =>
        db.List<Row>(SelectOldest, new { db.ClientId, Provider = provider, after?.UsedAt, after?.Id, AtMost = atMost }, cancellationToken);

    private static List<EvictionCandidate> UpTo(long bytes, IReadOnlyList<Row> oldest)
    {
        var (chosen, freed) = (new List<EvictionCandidate>(), 0L);
        foreach (var item in oldest.Where(item => !item.IsInUse))
        {
            if (freed >= bytes) break;
            chosen.Add(new(item.AssetId, item.Provider, item.OriginalFilename, item.UsedAt, item.Bytes));
            freed += item.Bytes;
        }

        return chosen;
    }

    private sealed record Row(Guid AssetId, string Provider, string OriginalFilename, DateTimeOffset UsedAt, long Bytes, bool IsInUse);
}
