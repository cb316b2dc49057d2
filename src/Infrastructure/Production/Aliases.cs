using MediaPlatform.Application.Production;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Production;

internal sealed class Aliases(DbSession db, TimeProvider time) : IAliases
{
    private const string SelectCount = """
        select count(*)::int
        from person_aliases
        where client_id = @ClientId and person_id = @PersonId
        """;

    private const string Insert = """
        insert into person_aliases (client_id, id, person_id, alias, source, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Id, @PersonId, normalize(@Alias), @Source, @Now, @ActorKind, @ActorId, @Now)
        on conflict on constraint person_aliases_once do nothing
        returning id
        """;

    private const string SelectExplained = """
        select credit.id
        from set_credits credit
        join sets s on s.client_id = credit.client_id and s.id = credit.set_id and s.deleted_at is null
        where credit.client_id = @ClientId and credit.name_norm = normal_name(@Alias) and credit.resolution_status = 'unresolved'
        order by credit.created_at, credit.id
        limit 10
        """;

    private const string SelectVersion = """
        select version
        from person_aliases
        where client_id = @ClientId and person_id = @PersonId and id = @Id
        for update
        """;

    private const string SelectAlias = """
        select alias
        from person_aliases
        where client_id = @ClientId and id = @Id
        """;

    private const string Delete = """
        delete from person_aliases
        where client_id = @ClientId and person_id = @PersonId and id = @Id
        """;

    public Task<int> Count(Guid personId, CancellationToken cancellationToken) => db.Single<int>(SelectCount, new { db.ClientId, PersonId = personId }, cancellationToken);

    public Task<Guid?> Add(Guid personId, string alias, AliasSource source, CancellationToken cancellationToken) => db.Find<Guid?>(
        Insert,
        new { db.ClientId, Id = Guid.CreateVersion7(), PersonId = personId, Alias = alias, Source = Names.Of(source), Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId },
        cancellationToken);

    public Task<IReadOnlyList<Guid>> FindExplained(string alias, CancellationToken cancellationToken) => db.List<Guid>(SelectExplained, new { db.ClientId, Alias = alias }, cancellationToken);

    public async Task<long?> FindVersionForUpdate(Guid personId, Guid id, CancellationToken cancellationToken) =>
        await db.Find<int?>(SelectVersion, new { db.ClientId, PersonId = personId, Id = id }, cancellationToken);

    public Task<string?> Find(Guid id, CancellationToken cancellationToken) => db.Find<string>(SelectAlias, new { db.ClientId, Id = id }, cancellationToken);

    public Task Remove(Guid personId, Guid id, CancellationToken cancellationToken) => db.Execute(Delete, new { db.ClientId, PersonId = personId, Id = id }, cancellationToken);
}
