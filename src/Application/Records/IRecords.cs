using System.Text.Json;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Records;

/// <summary>The primary records of one kind in the caller's client, for writing.</summary>
/// <typeparam name="TFields">What people write of one, spelled as on the wire.</typeparam>
public interface IRecords<TFields> : ITrash
    where TFields : class
{
    /// <summary>The record and its fields, locked; also when it is in the trash.</summary>
    Task<StoredRecord?> FindForUpdate(Guid id, CancellationToken cancellationToken);

    /// <summary>Adds one. What it refers to must be there, and is held.</summary>
    Task<Result<Written>> Add(Guid id, TFields fields, CancellationToken cancellationToken);

    /// <summary>Writes all of its fields; the version goes up when one of them changes. What it comes to refer to must be there, and is held.</summary>
    Task<Result<Written>> Save(StoredRecord record, TFields fields, CancellationToken cancellationToken);

    /// <summary>Moves it to the trash, and what depends on it along.</summary>
    Task<TrashedRecord> SaveTrashed(RecordState record, string? reason, CancellationToken cancellationToken);

    /// <summary>Takes it out of the trash, with exactly what its deletion took along.</summary>
    Task<Result<Written>> SaveRestored(RecordState record, CancellationToken cancellationToken);

    /// <summary>Writes where its approval stands.</summary>
    Task<Written> SaveApproval(RecordState record, CancellationToken cancellationToken);
}

/// <summary>What can be purged: the trash of one kind of records.</summary>
public interface ITrash
{
    RecordKind Kind { get; }

    /// <summary>Deletes the record for good, and what depends on it, lets their objects go, and writes a receipt.</summary>
    Task<PurgedRecord> Purge(Guid id, string? reason, CancellationToken cancellationToken);

    /// <summary>Records in the trash longer than the client keeps them, oldest first, locked.</summary>
    Task<IReadOnlyList<Guid>> FindPurgeable(int limit, CancellationToken cancellationToken);
}

/// <summary>A record as it is stored.</summary>
/// <param name="Fields">As JSON, in the names of <c>TFields</c>: what a merge patch is laid over.</param>
public sealed record StoredRecord(RecordState State, JsonElement Fields);

/// <summary>What was written, and the version that it has now.</summary>
public sealed record Written(Guid Id, long Version);

/// <summary>What went to the trash.</summary>
/// <param name="Dependants">How many of each kind went along.</param>
public sealed record TrashedRecord(Guid Id, DateTimeOffset DeletedAt, IReadOnlyDictionary<string, long> Dependants);

/// <summary>What a purge took.</summary>
/// <param name="ReceiptId">By which it can be shown later that it is gone.</param>
/// <param name="Taken">Counts by kind: dependants, and objects and bytes where there are any.</param>
public sealed record PurgedRecord(Guid Id, Guid ReceiptId, DateTimeOffset PurgedAt, IReadOnlyDictionary<string, long> Taken);
