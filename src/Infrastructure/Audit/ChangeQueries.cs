using MediaPlatform.Application.Audit;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Audit;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Audit;

/// <summary>The change log of one client. Rows about users belong to no client, and are shown to none: what a client knows of a person is the membership.</summary>
internal sealed class ChangeQueries(DbSession db) : IQueryHandler<ListChanges, Page<ChangeDetails>>, IQueryHandler<GetChange, ChangeDetails>
{
    private const string Columns = """
        r.id, r.occurred_at, r.actor_kind, r.actor_id, r.request_id, r.entity, r.entity_id, r.operation, changed_fields(r.changes) as changed_fields, r.changes
        """;

    // the id as change_log_list_idx has it
    private const string Rows = """
        (
            select
                lpad(to_hex(id), 32, '0')::uuid as id, id as number, client_id, occurred_at, actor_kind, actor_id, request_id, entity, entity_id, operation, changes
            from change_log
        ) r
        """;

    private const string SelectOne = $"""
        select {Columns}
        from {Rows}
        where r.client_id = @ClientId and r.number = @Number
        """;

    internal static readonly ListDefinition<ChangeDetails> List = new(
        Columns,
        Rows,
        [
            new("id", "r.id", FieldType.Uuid),
            new("entity", "r.entity", FieldType.Code),
            new("entity_id", "r.entity_id", FieldType.Uuid),
            new("operation", "r.operation", FieldType.Enum, Names: EventTypes.Operations),
            new("actor_kind", "r.actor_kind", FieldType.Code),
            new("actor_id", "r.actor_id", FieldType.Uuid, Nullable: true),
            new("request_id", "r.request_id", FieldType.Code, Nullable: true),
            new("changed_fields", "changed_fields(r.changes)", FieldType.TextArray),
            new("occurred_at", "r.occurred_at", FieldType.Instant, row => row.OccurredAt),
        ],
        row => row.Id,
        DefaultSort: "occurred_at");

    public Task<Result<Page<ChangeDetails>>> Handle(ListChanges query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public async Task<Result<ChangeDetails>> Handle(GetChange query, CancellationToken cancellationToken) =>
        query.Id.Number is { } number && await db.Find<ChangeDetails>(SelectOne, new { db.ClientId, Number = number }, cancellationToken) is { } change
            ? change
            : new ChangeNotFound(query.Id);
}
