using MediaPlatform.Application.Library;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class StoredObjects(DbSession db) : IStoredObjects
{
    private const string SelectCount = """
        select count(*) filter (where is_seen) as total, count(*) filter (where not is_seen) as unseen
        from (
            select storage_provider = any(@Providers) and may_read_original(client_id, storage_key) as is_seen
            from media_assets
            where client_id = @ClientId
            union all
            select storage_provider = any(@Providers)
            from media_variants
            where client_id = @ClientId
        ) object
        """;

    // Along both indexes at once, in the order of bytes, which is that of stores.
    private const string SelectPage = """
        select asset_id, variant_id, preset, storage_key, size_bytes, sha256, created_at
        from (
            (
                select id as asset_id, null::uuid as variant_id, 'original' as preset, storage_key, size_bytes, sha256, created_at
                from media_assets
                where client_id = @ClientId and storage_provider = @Provider and storage_key collate "C" > @After and (@Until::text is null or storage_key collate "C" < @Until) and storage_key not like 's3://%'
                order by storage_key collate "C"
                limit @AtMost
            )
            union all
            (
                select asset_id, id, preset, storage_key, size_bytes, null::bytea, created_at
                from media_variants
                where client_id = @ClientId and storage_provider = @Provider and storage_key collate "C" > @After and (@Until::text is null or storage_key collate "C" < @Until)
                order by storage_key collate "C"
                limit @AtMost
            )
        ) object
        order by storage_key collate "C"
        limit @AtMost
        """;

    private const string SelectRegistered = """
        select id as asset_id, null::uuid as variant_id, 'original' as preset, storage_key, size_bytes, sha256, created_at
        from media_assets
        where client_id = @ClientId and storage_provider = @Provider and storage_key like 's3://%' and (@After::uuid is null or id > @After) and may_read_original(client_id, storage_key)
        order by id
        limit @AtMost
        """;

    public Task<StoredCount> Count(IReadOnlyList<string> providers, CancellationToken cancellationToken) =>
        db.Single<StoredCount>(SelectCount, new { db.ClientId, Providers = providers.ToArray() }, cancellationToken);

    public Task<IReadOnlyList<KnownObject>> Page(string provider, string after, string? until, int atMost, CancellationToken cancellationToken) =>
        db.List<KnownObject>(SelectPage, new { db.ClientId, Provider = provider, After = after, Until = until, AtMost = atMost }, cancellationToken);

    public Task<IReadOnlyList<KnownObject>> Registered(string provider, Guid? after, int atMost, CancellationToken cancellationToken) =>
        db.List<KnownObject>(SelectRegistered, new { db.ClientId, Provider = provider, After = after, AtMost = atMost }, cancellationToken);
}
