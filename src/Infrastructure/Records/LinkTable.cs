using System.Text.Json;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>
/// A kind of links as a declaration. Its table has client_id, id, the two ids, what is said of a link, when and by whom it was made, updated_at and
/// version; a unique constraint <c>{Name}_once</c>, and a trigger for the change log.
/// </summary>
/// <param name="Of">The column of whose link it is.</param>
/// <param name="To">The column of what is linked.</param>
/// <param name="Columns">What people write of one; there is something.</param>
internal abstract record LinkTable(LinkKind Kind, string Name, string Of, string To, IReadOnlyList<RecordColumn> Columns)
{
    /// <summary>The column of what the linked record is there, where it may be several things at once.</summary>
    public string? As { get; init; }

    /// <summary>Whether a trigger of it writes what is linked.</summary>
    public bool ChangesLinked { get; init; }

    public string SelectCount => field ??= $"""
        select count(*)::int
        from {Name}
        where client_id = @ClientId and {Of} = @Of
        """;

    public string SelectVersion => field ??= $"""
        select version
        from {Name}
        where {IsKey}
        for update
        """;

    /// <summary>The id comes back when something was written: the one that was given when the link is new.</summary>
    public string Upsert => field ??= $"""
        insert into {Name} as link (client_id, id, {Of}, {To}, {(As is null ? "" : $"{As}, ")}{string.Concat(Columns.Select(column => $"{column.Column}, "))}created_at, created_by_kind, created_by, updated_at)
        select @ClientId, @Id, @Of, @To, {(As is null ? "" : "@As, ")}{string.Concat(Columns.Select(column => $"{column.Stored}, "))}@Now, @ActorKind, @ActorId, @Now
        from jsonb_to_record(@Fields::jsonb) as f ({string.Join(", ", Columns.Select(column => $"{column.Name} {column.Type}"))})
        on conflict on constraint {Name}_once do update
        set {string.Concat(Columns.Select(column => $"{column.Column} = excluded.{column.Column}, "))}updated_at = excluded.updated_at, version = link.version + 1
        where row({string.Join(", ", Columns.Select(column => $"link.{column.Column}"))}) is distinct from row({string.Join(", ", Columns.Select(column => $"excluded.{column.Column}"))})
        returning id
        """;

    public string Delete => field ??= $"""
        delete from {Name}
        where {IsKey}
        """;

    public IEnumerable<string> Statements => [SelectCount, SelectVersion, Upsert, Delete];

    private string IsKey => $"client_id = @ClientId and {Of} = @Of and {To} = @To{(As is null ? "" : $" and {As} = @As")}";
}

/// <inheritdoc cref="LinkTable"/>
internal sealed record LinkTable<TLink>(LinkKind Kind, string Name, string Of, string To, IReadOnlyList<RecordColumn> Columns) : LinkTable(Kind, Name, Of, To, Columns)
    where TLink : class;

/// <summary>Every statement of a view, for the test that has PostgreSQL prepare them.</summary>
internal interface ILinkView
{
    IEnumerable<string> Statements { get; }
}

/// <summary>How links are read.</summary>
/// <param name="Table">Their table.</param>
/// <param name="OfTable">The table of whose links they are.</param>
/// <param name="ToTable">The table of what is linked, which is <c>r</c> in <paramref name="Columns"/>.</param>
/// <param name="Columns">In the order of the parameters of <typeparamref name="TDetails"/>; the link is <c>link</c>.</param>
internal sealed record LinkView<TDetails>(LinkTable Table, string OfTable, string ToTable, string Columns) : ILinkView
    where TDetails : ILinkDetails
{
    /// <summary>What is read in place of the table, with its key, created_at and id: where links are there for other reasons as well.</summary>
    public string? Rows { get; init; }

    public string SelectOf => field ??= $"""
        select id, deleted_at
        from {OfTable}
        where client_id = @ClientId and id = @Id
        """;

    public string SelectAll => field ??= $"""
        {Select}
        order by link.created_at, link.id
        limit {(Rows is null ? 500 : 1_000)} -- no more are written
        """;

    public string SelectOne => field ??= $"""
        {Select} and link.{Table.To} = @To{(Table.As is null ? "" : $" and link.{Table.As} = @As")}
        """;

    public IEnumerable<string> Statements => [SelectOf, SelectAll, SelectOne];

    private string Select => $"""
        select {Columns}
        from {Rows ?? Table.Name} link
        join {ToTable} r on r.client_id = link.client_id and r.id = link.{Table.To}
        where link.client_id = @ClientId and link.{Table.Of} = @Of and r.deleted_at is null
        """;
}

/// <summary>The links of a <see cref="LinkTable{TLink}"/>.</summary>
internal sealed class Links<TLink>(LinkTable<TLink> table, DbSession db, TimeProvider time) : ILinks<TLink>
    where TLink : class
{
    public LinkKind Kind => table.Kind;

    public bool ChangesLinked => table.ChangesLinked;

    public Task<int> Count(Guid of, CancellationToken cancellationToken) => db.Single<int>(table.SelectCount, new { db.ClientId, Of = of }, cancellationToken);

    public async Task<long?> FindVersionForUpdate(LinkKey key, CancellationToken cancellationToken) => await db.Find<int?>(table.SelectVersion, Of(key), cancellationToken);

    public async Task<bool> Save(LinkKey key, TLink link, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var written = new
        {
            db.ClientId, Id = id, key.Of, key.To, key.As, Fields = JsonSerializer.SerializeToElement(link, RecordJson.Options), Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId,
        };
        return await db.Find<Guid?>(table.Upsert, written, cancellationToken) == id;
    }

    public Task Remove(LinkKey key, CancellationToken cancellationToken) => db.Execute(table.Delete, Of(key), cancellationToken);

    private object Of(LinkKey key) => new { db.ClientId, key.Of, key.To, key.As };
}

internal sealed class LinkReader<TDetails>(LinkView<TDetails> view, DbSession db) : IQueryHandler<ListLinks<TDetails>, TDetails[]>, IQueryHandler<GetLink<TDetails>, TDetails>
    where TDetails : class, ILinkDetails
{
    public async Task<Result<TDetails[]>> Handle(ListLinks<TDetails> query, CancellationToken cancellationToken)
    {
        if (await Hidden(query.Of, cancellationToken) is { } hidden) return hidden;
        return (await db.List<TDetails>(view.SelectAll, new { db.ClientId, query.Of }, cancellationToken)).ToArray();
    }

    public async Task<Result<TDetails>> Handle(GetLink<TDetails> query, CancellationToken cancellationToken)
    {
        if (await Hidden(query.Key.Of, cancellationToken) is { } hidden) return hidden;
        return await db.Find<TDetails>(view.SelectOne, new { db.ClientId, query.Key.Of, query.Key.To, query.Key.As }, cancellationToken) is { } found ? found : new LinkNotFound(view.Table.Kind, query.Key);
    }

    private Task<Error?> Hidden(Guid id, CancellationToken cancellationToken) => db.FindHidden(view.Table.Kind.Of, view.SelectOf, id, cancellationToken);
}
