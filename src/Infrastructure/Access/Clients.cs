using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Access;

internal sealed class Clients(DbSession db, TimeProvider time)
    : IClients, IQueryHandler<GetClient, ClientDetails>, IQueryHandler<ListClients, IReadOnlyList<ClientDetails>>
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

    private const string SelectOne = """
        select id, name, slug, allowed_file_types, trash_retention_days, @Role::text as role, created_at, updated_at, deleted_at, version
        from clients
        where id = @ClientId
        """;

    private const string SelectOfUser = """
        select client.id, client.name, client.slug, client.allowed_file_types, client.trash_retention_days, member.role, client.created_at, client.updated_at,
            client.deleted_at, client.version
        from members member
        join clients client on client.id = member.client_id
        where member.user_id = @UserId and member.status = 'active'
        order by client.name, client.id
        """;

    public async Task<bool> Add(ClientId id, string name, string slug, CancellationToken cancellationToken) =>
        await db.Execute(Insert, new { Id = id.Value, Name = name, Slug = slug, Now = time.GetUtcNow() }, cancellationToken) == 1;

    public async Task<ClientId?> FindBySlug(string slug, CancellationToken cancellationToken) =>
        await db.Find<Guid?>(SelectBySlug, new { Slug = slug }, cancellationToken) is { } id ? new ClientId(id) : null;

    public async Task<Result<ClientDetails>> Handle(GetClient query, CancellationToken cancellationToken) =>
        query.Id.Value == db.ClientId ? await Own(cancellationToken) : new ClientNotFound(query.Id);

    public async Task<Result<IReadOnlyList<ClientDetails>>> Handle(ListClients query, CancellationToken cancellationToken) =>
        db.Caller is { Kind: ActorKind.User, ActorId: { } user }
            ? (ClientDetails[])[.. await db.List<ClientDetails>(SelectOfUser, new { UserId = user }, cancellationToken)]
            : [await Own(cancellationToken)];

    private Task<ClientDetails> Own(CancellationToken cancellationToken) => db.Single<ClientDetails>(SelectOne, new { db.ClientId, Role = Names.Of(db.Caller.Rights.Role) }, cancellationToken);
}
