using MediaPlatform.Application.Library;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>Of all clients: an operator's.</summary>
internal sealed class StrayRenditions(DbSession db, TimeProvider time) : IStrayRenditions
{
    private const string TakeTime = "select set_config('statement_timeout', '600000', true)";

    // What the folder of an asset is called follows from its id and a secret, so that all assets are asked.
    private const string SelectUnknown = """
        select folder.name
        from unnest(@Folders::text[]) as folder (name)
        where not exists (
                select from media_variants variant
                where variant.storage_key ~>=~ folder.name and variant.storage_key ~<~ (rtrim(folder.name, '/') || '0') and variant.storage_provider = @Provider)
            and not exists (select from object_deletions deletion where deletion.storage_key = folder.name and deletion.storage_provider = @Provider)
            and folder.name not in (select renditions_folder(asset.id) from media_assets asset)
        """;

    private const string Upsert = """
        insert into stray_renditions (storage_provider, storage_folder, objects, bytes, found_at, delete_after)
        select provider, folder, objects, bytes, @Now, @DeleteAfter
        from unnest(@Providers::text[], @Folders::text[], @Objects::bigint[], @Bytes::bigint[]) as found (provider, folder, objects, bytes)
        on conflict (storage_provider, storage_folder) do update
        set objects = excluded.objects, bytes = excluded.bytes, delete_after = coalesce(stray_renditions.delete_after, excluded.delete_after)
        """;

    private const string SelectDue = """
        select storage_folder
        from stray_renditions
        where storage_provider = @Provider and delete_after <= @Now
        order by storage_folder
        limit @AtMost
        """;

    private const string Forget = """
        with due as (
            delete from stray_renditions
            where storage_provider = @Provider and storage_folder = any(@Folders)
            returning storage_provider, storage_folder
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        select @Nobody, storage_provider, storage_folder, 'orphaned'
        from due
        where storage_folder = any(@Unknown)
        """;

    public async Task<IReadOnlyList<string>> Unknown(string provider, IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        if (folders.Count == 0) return [];
        await db.Find<string>(TakeTime, parameters: null, cancellationToken);
        return await db.List<string>(SelectUnknown, new { Provider = provider, Folders = folders.ToArray() }, cancellationToken);
    }

    public Task Report(IReadOnlyList<StrayFolder> folders, DateTimeOffset? deleteAfter, CancellationToken cancellationToken) => db.Execute(
        Upsert,
        new
        {
            Providers = folders.Select(folder => folder.StorageProvider).ToArray(), Folders = folders.Select(folder => folder.StorageFolder).ToArray(), Objects = folders.Select(folder => folder.Objects).ToArray(),
            Bytes = folders.Select(folder => folder.Bytes).ToArray(), DeleteAfter = deleteAfter, Now = time.GetUtcNow(),
        },
        cancellationToken);

    public Task<IReadOnlyList<string>> Due(string provider, int atMost, CancellationToken cancellationToken) =>
        db.List<string>(SelectDue, new { Provider = provider, AtMost = atMost, Now = time.GetUtcNow() }, cancellationToken);

    public async Task<int> Settle(string provider, IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        var unknown = await Unknown(provider, folders, cancellationToken);
        return await db.Execute(Forget, new { Provider = provider, Folders = folders.ToArray(), Unknown = unknown.ToArray(), Nobody = Guid.Empty }, cancellationToken);
    }
}
