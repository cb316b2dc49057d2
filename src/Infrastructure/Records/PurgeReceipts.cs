using System.Text.Json;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>What is kept of something that was deleted for good: that it was, when, by whom and why.</summary>
internal static class PurgeReceipts
{
    private const string Insert = """
        insert into purge_receipts (client_id, id, entity, entity_id, reason, taken, purged_at, purged_by_kind, purged_by, request_id)
        values (@ClientId, @ReceiptId, @Entity, @Id, @Reason, @Taken, @At, @ActorKind, @ActorId, @RequestId)
        """;

    /// <param name="taken">How many of each kind went.</param>
    public static Task WriteReceipt(
        this DbSession db, Guid receiptId, string entity, Guid id, string? reason, IReadOnlyDictionary<string, long> taken, DateTimeOffset at, CancellationToken cancellationToken) => db.Execute(
        Insert,
        new
        {
            db.ClientId, ReceiptId = receiptId, Entity = entity, Id = id, Reason = reason, Taken = JsonSerializer.SerializeToElement(taken), At = at, ActorKind = db.Caller.KindName, db.Caller.ActorId,
            db.Caller.RequestId,
        },
        cancellationToken);
}
