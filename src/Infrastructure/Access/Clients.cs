using System.Text.Json;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Access;

internal sealed class Clients(DbSession db, TimeProvider time) : IClients
{
    private const string Insert = """
        insert into clients (id, name, slug, created_at, updated_at)
        values (@Id, @Name, @Slug, @Now, @Now)
        on conflict on constraint clients_slug_unique do nothing
        """;

    private const string SelectBySlug = """
        select id
        from clients
        where slug = @Slug
        """;

    private const string SelectSlugs = """
        select slug
        from clients
        order by slug
        """;

    private const string SelectForUpdate = """
        select id, name, allowed_file_types, trash_retention_days, wardrobe_cool_down_days, library_quota_bytes, library_provider_caps, deleted_at, version
        from clients
        where id = @ClientId
        for no key update
        """;

    private const string Update = """
        update clients
        set name = normalize(@Name), allowed_file_types = @AllowedFileTypes, trash_retention_days = @TrashRetentionDays,
            wardrobe_cool_down_days = @WardrobeCoolDownDays, library_quota_bytes = @LibraryQuotaBytes, library_provider_caps = @LibraryProviderCaps::jsonb, updated_at = @Now, version = version + 1
        where id = @ClientId
            and row(name, allowed_file_types, trash_retention_days, wardrobe_cool_down_days, library_quota_bytes, library_provider_caps)
                is distinct from row(normalize(@Name), @AllowedFileTypes::text[], @TrashRetentionDays::int, @WardrobeCoolDownDays::int, @LibraryQuotaBytes::bigint, @LibraryProviderCaps::jsonb)
        """;

    private const string UpdateTrashed = """
        with trashed as (
            update clients
            set deleted_at = @Now, deleted_by_kind = @ActorKind, deleted_by = @ActorId, deleted_reason = normalize(@Reason), updated_at = @Now, version = version + 1
            where id = @ClientId
            returning id, deleted_at
        )
        select id, deleted_at,
            (select count(*)::int from members where client_id = @ClientId and status = 'active') as members,
            (select count(*)::int from api_keys
             where client_id = @ClientId and revoked_at is null and (expires_at is null or expires_at > @Now)) as api_keys
        from trashed
        """;

    private const string UpdateRestored = """
        update clients
        set deleted_at = null, deleted_by_kind = null, deleted_by = null, deleted_reason = null,
            restored_at = @Now, restored_by_kind = @ActorKind, restored_by = @ActorId, updated_at = @Now, version = version + 1
        where id = @ClientId
        """;

    public Task<IReadOnlyList<string>> ListSlugs(CancellationToken cancellationToken) => db.List<string>(SelectSlugs, parameters: null, cancellationToken);

    public async Task<Client?> FindForUpdate(ClientId id, CancellationToken cancellationToken) =>
        id.Value == db.ClientId && await db.Find<Row>(SelectForUpdate, new { db.ClientId }, cancellationToken) is { } row
            ? new Client(new(row.Id), row.Name, row.AllowedFileTypes, row.TrashRetentionDays, row.WardrobeCoolDownDays, row.LibraryQuotaBytes, row.LibraryProviderCaps.Deserialize(RowJson.Default.IReadOnlyDictionaryStringInt64)!, row.DeletedAt, row.Version)
            : null;

    public Task Save(Client client, CancellationToken cancellationToken) => db.Execute(
        Update,
        new { db.ClientId, client.Name, AllowedFileTypes = client.AllowedFileTypes?.ToArray(), client.TrashRetentionDays, client.WardrobeCoolDownDays, client.LibraryQuotaBytes,
            LibraryProviderCaps = JsonSerializer.Serialize(client.LibraryProviderCaps, RowJson.Default.IReadOnlyDictionaryStringInt64), Now = time.GetUtcNow() },
        cancellationToken);

    public Task<TrashedClient> Trash(ClientId id, string? reason, CancellationToken cancellationToken) => db.Single<TrashedClient>(
        UpdateTrashed, new { db.ClientId, Reason = reason, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() }, cancellationToken);

    public Task Restore(ClientId id, CancellationToken cancellationToken) => db.Execute(
        UpdateRestored, new { db.ClientId, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() }, cancellationToken);

    public async Task<bool> Add(ClientId id, string name, string slug, CancellationToken cancellationToken) =>
        await db.Execute(Insert, new { Id = id.Value, Name = name, Slug = slug, Now = time.GetUtcNow() }, cancellationToken) == 1;

    public async Task<ClientId?> FindBySlug(string slug, CancellationToken cancellationToken) =>
        await db.Find<Guid?>(SelectBySlug, new { Slug = slug }, cancellationToken) is { } id ? new ClientId(id) : null;

    private sealed record Row(Guid Id, string Name, string[]? AllowedFileTypes, int TrashRetentionDays, int WardrobeCoolDownDays, long LibraryQuotaBytes, JsonElement LibraryProviderCaps, DateTimeOffset? DeletedAt, int Version);
}
