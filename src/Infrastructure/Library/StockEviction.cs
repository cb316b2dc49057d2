using MediaPlatform.Application.Library;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class StockEviction(DbSession db) : IStockEviction
{
    private const string Bytes = """
        asset.size_bytes + coalesce((select sum(variant.size_bytes) from media_variants variant where variant.client_id = asset.client_id and variant.asset_id = asset.id), 0)::bigint
        """;

    // Along the order of use, from where the ones before ended.
    private const string SelectOldest = $"""
        select asset.id as asset_id, coalesce(asset.provider, 'unknown') as provider, asset.original_filename, coalesce(asset.last_used_at, asset.created_at) as used_at, {Bytes} as bytes
        from media_assets asset
        where asset.client_id = @ClientId and asset.source = 'stock' and (@Provider::text is null or coalesce(asset.provider, 'unknown') = @Provider) and asset.status <> 'processing'
            and (@UsedAt::timestamptz is null or (coalesce(asset.last_used_at, asset.created_at), asset.id) > (@UsedAt, @Id::uuid))
            and not asset_is_in_use(asset.client_id, asset.id)
        order by coalesce(asset.last_used_at, asset.created_at), asset.id
        limit @AtMost
        """;

    private const string SelectOldestForUpdate = $"""
        {SelectOldest}
        for update of asset skip locked
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
        var oldest = await db.List<EvictionCandidate>(SelectOldestForUpdate, Of(provider, after, atMost), cancellationToken);
        var chosen = UpTo(bytes, oldest);
        if (chosen.Count == 0) return new(0, 0, Next: null);

        var ids = (await db.List<Guid>(SelectUnused, new { db.ClientId, Ids = chosen.Select(item => item.AssetId).ToArray() }, cancellationToken)).ToArray();
        await db.Execute(LetObjectsGo, new { db.ClientId, Ids = ids }, cancellationToken);
        await db.Execute(Delete, new { db.ClientId, Ids = ids }, cancellationToken);
        return new(ids.Length, chosen.Where(item => ids.Contains(item.AssetId)).Sum(item => item.Bytes), new(chosen[^1].UsedAt, chosen[^1].AssetId));
    }

    public async Task<IReadOnlyList<EvictionCandidate>> Preview(string? provider, long bytes, int atMost, CancellationToken cancellationToken) =>
        UpTo(bytes, await db.List<EvictionCandidate>(SelectOldest, Of(provider, after: null, atMost), cancellationToken));

    public Task<IReadOnlyList<ProviderUsage>> Usage(CancellationToken cancellationToken) => db.List<ProviderUsage>(SelectUsage, new { db.ClientId }, cancellationToken);

    private object Of(string? provider, EvictionPlace? after, int atMost) => new { db.ClientId, Provider = provider, after?.UsedAt, after?.Id, AtMost = atMost };

    private static List<EvictionCandidate> UpTo(long bytes, IReadOnlyList<EvictionCandidate> oldest)
    {
        var (chosen, freed) = (new List<EvictionCandidate>(), 0L);
        foreach (var item in oldest)
        {
            if (freed >= bytes) break;
            chosen.Add(item);
            freed += item.Bytes;
        }

        return chosen;
    }
}
