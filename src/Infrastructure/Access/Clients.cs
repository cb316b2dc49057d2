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
        select id, name, slug, allowed_file_types, trash_retention_days, created_at, updated_at, version
        from clients
        where id = @ClientId
        """;

    public async Task<bool> Add(ClientId id, string name, string slug, CancellationToken cancellationToken) =>
        await db.Execute(Insert, new { Id = id.Value, Name = name, Slug = slug, Now = time.GetUtcNow() }, cancellationToken) == 1;

    public async Task<ClientId?> FindBySlug(string slug, CancellationToken cancellationToken) =>
        await db.Find<Guid?>(SelectBySlug, new { Slug = slug }, cancellationToken) is { } id ? new ClientId(id) : null;

    public async Task<Result<ClientDetails>> Handle(GetClient query, CancellationToken cancellationToken) =>
        query.Id.Value == db.ClientId ? await Own(cancellationToken) : new ClientNotFound(query.Id);

    public async Task<Result<IReadOnlyList<ClientDetails>>> Handle(ListClients query, CancellationToken cancellationToken) =>
        new[] { await Own(cancellationToken) };

    private Task<ClientDetails> Own(CancellationToken cancellationToken) => db.Single<ClientDetails>(SelectOne, new { db.ClientId }, cancellationToken);
}
