using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Records;

internal sealed class PurgeReceiptQueries(DbSession db) : IQueryHandler<ListPurgeReceipts, Page<PurgeReceiptDetails>>, IQueryHandler<GetPurgeReceipt, PurgeReceiptDetails>
{
    private const string Columns = """
        r.id, r.entity, r.entity_id, r.reason, r.taken, r.purged_at, r.purged_by_kind, r.purged_by, r.request_id,
        (select count(*)::int from object_deletions o where o.client_id = r.client_id and o.receipt_id = r.id) as objects_pending
        """;

    internal static readonly ListDefinition<PurgeReceiptDetails> List = new(
        Columns,
        "purge_receipts r",
        [
            new("id", "r.id", FieldType.Uuid),
            new("entity", "r.entity", FieldType.Code),
            new("entity_id", "r.entity_id", FieldType.Uuid),
            new("reason", "r.reason", FieldType.Text, Nullable: true),
            new("purged_at", "r.purged_at", FieldType.Instant, row => row.PurgedAt),
            new("purged_by", "r.purged_by", FieldType.Uuid, Nullable: true),
            new("request_id", "r.request_id", FieldType.Code, Nullable: true),
        ],
        row => row.Id,
        DefaultSort: "purged_at");

    public Task<Result<Page<PurgeReceiptDetails>>> Handle(ListPurgeReceipts query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public Task<Result<PurgeReceiptDetails>> Handle(GetPurgeReceipt query, CancellationToken cancellationToken) =>
        db.One(List, query.Id, new PurgeReceiptNotFound(query.Id), cancellationToken);
}
