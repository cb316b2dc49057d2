using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Access;

internal sealed class ClientQueries(DbSession db) : IQueryHandler<GetClient, ClientDetails>, IQueryHandler<ListClients, IReadOnlyList<ClientDetails>>
{
    private const string SelectOne = """
        select id, name, slug, allowed_file_types, trash_retention_days, wardrobe_cool_down_days, library_quota_bytes, library_provider_caps, @Role::text as role, created_at, updated_at, deleted_at, version
        from clients
        where id = @ClientId
        """;

    private const string SelectOfUser = """
        select client.id, client.name, client.slug, client.allowed_file_types, client.trash_retention_days, client.wardrobe_cool_down_days, client.library_quota_bytes, client.library_provider_caps, member.role, client.created_at, client.updated_at,
            client.deleted_at, client.version
        from members member
        join clients client on client.id = member.client_id
        where member.user_id = @UserId and member.status = 'active'
        order by client.name, client.id
        """;

    public async Task<Result<ClientDetails>> Handle(GetClient query, CancellationToken cancellationToken) =>
        query.Id.Value == db.ClientId ? await Own(cancellationToken) : new ClientNotFound(query.Id);

    public async Task<Result<IReadOnlyList<ClientDetails>>> Handle(ListClients query, CancellationToken cancellationToken) =>
        db.Caller is { Kind: ActorKind.User, ActorId: { } user }
            ? (ClientDetails[])[.. (await db.List<ClientDetails>(SelectOfUser, new { UserId = user }, cancellationToken)).Select(AsLimited)]
            : [await Own(cancellationToken)];

    /// <summary>With the role that the caller's credential lets through.</summary>
    private ClientDetails AsLimited(ClientDetails client) =>
        db.Caller.Limit is { } limit ? client with { Role = Names.Of(((Rights)Names.Require<Role>(client.Role)).AtMost(limit).Role) } : client;

    private Task<ClientDetails> Own(CancellationToken cancellationToken) => db.Single<ClientDetails>(SelectOne, new { db.ClientId, Role = Names.Of(db.Caller.Rights.Role) }, cancellationToken);
}
