using System.Text.Json;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Application.Records;

/// <summary>That something is gone for good.</summary>
/// <param name="Entity">What it was, as in the change log.</param>
/// <param name="Taken">How many of each kind went along, and objects and bytes where there were any.</param>
/// <param name="ObjectsPending">Places in the storage that wait to be emptied; zero when nothing of it is left.</param>
public sealed record PurgeReceiptDetails(
    Guid Id, string Entity, Guid EntityId, string? Reason, JsonElement Taken, DateTimeOffset PurgedAt, string PurgedByKind, Guid? PurgedBy, string? RequestId, int ObjectsPending);

/// <summary>One receipt.</summary>
public sealed record GetPurgeReceipt(Guid Id) : IQuery<PurgeReceiptDetails>;

/// <summary>The receipts of the client, newest first.</summary>
public sealed record ListPurgeReceipts(ListRequest Request) : IQuery<Page<PurgeReceiptDetails>>;
