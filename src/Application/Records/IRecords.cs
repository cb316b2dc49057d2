using System.Text.Json;
using System.Text.Json.Nodes;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>The primary records of one kind in the caller's client, for writing.</summary>
/// <typeparam name="TFields">What people write of one, spelled as on the wire.</typeparam>
public interface IRecords<TFields> : ITrash
    where TFields : class
{
    /// <summary>The record and its fields, locked; also when it is in the trash.</summary>
    Task<StoredRecord?> FindForUpdate(Guid id, CancellationToken cancellationToken);

    /// <summary>Holds one that is not in the trash against its deletion, until the transaction ends, for others that come to refer to it; many hold it at once.</summary>
    /// <returns>False when it is not there.</returns>
    Task<bool> Hold(Guid id, CancellationToken cancellationToken);

    /// <summary>Adds one, as it is: <see cref="RecordWriter{TFields}"/> checks it first. What it refers to must be there, and is held.</summary>
    Task<Result<Written>> Add(Guid id, TFields fields, CancellationToken cancellationToken);

    /// <summary>Writes all of its fields, as they are: <see cref="RecordWriter{TFields}"/> checks them first. The version goes up when one of them changes. What it comes to refer to must be there, and is held.</summary>
    Task<Result<Written>> Save(StoredRecord record, TFields fields, CancellationToken cancellationToken);

    /// <summary>Writes those columns of it that only use cases write; the version goes up when one of them changes.</summary>
    /// <param name="values">By the names of columns, such as what <see cref="StoredRecord.As{T}"/> gave, changed. Of the own columns those that it has not stay; of others it may have any, and they stay as well.</param>
    Task<Result<Written>> Set<T>(StoredRecord record, T values, CancellationToken cancellationToken);

    /// <summary>Moves it to the trash, and what depends on it along.</summary>
    Task<TrashedRecord> SaveTrashed(RecordState record, string? reason, CancellationToken cancellationToken);

    /// <summary>Takes it out of the trash, with exactly what its deletion took along, where the places of all are still free.</summary>
    Task<Result<Written>> SaveRestored(StoredRecord record, CancellationToken cancellationToken);

    /// <summary>Whether its purge would take others along, in the trash or not.</summary>
    Task<bool> TakesAlong(Guid id, CancellationToken cancellationToken);

    /// <summary>Why it is never deleted for good; null when it may be.</summary>
    Task<Error?> FindKept(Guid id, CancellationToken cancellationToken);

    /// <summary>Writes where its approval stands.</summary>
    Task<Written> SaveApproval(RecordState record, CancellationToken cancellationToken);
}

/// <summary>What can be purged: the trash of one kind of records.</summary>
public interface ITrash
{
    RecordKind Kind { get; }

    /// <summary>Deletes the record for good, and what depends on it, lets their objects go, and writes a receipt.</summary>
    Task<PurgedRecord> Purge(Guid id, string? reason, CancellationToken cancellationToken);

    /// <summary>Records in the trash longer than the client keeps them, oldest first, locked; those that are kept for ever aside.</summary>
    Task<IReadOnlyList<Guid>> FindPurgeable(int limit, CancellationToken cancellationToken);
}

/// <summary>A record as it is stored.</summary>
/// <param name="Fields">What people write, as JSON in the names of <c>TFields</c>: what a merge patch is laid over.</param>
/// <param name="Own">What only use cases write, likewise.</param>
public sealed record StoredRecord(RecordState State, JsonElement Fields, JsonElement Own)
{
    /// <summary>The last change of the client's schema by then, of what has custom fields: they are held to that.</summary>
    public string? Schema { get; init; }

    /// <summary>As much of both as <typeparamref name="T"/> asks for, by the names of columns: such as a record of the domain with its lifecycle.</summary>
    public T As<T>()
    {
        var all = JsonObject.Create(Fields)!;
        foreach (var own in Own.EnumerateObject()) all[own.Name] = JsonSerializer.SerializeToNode(own.Value);
        return all.Deserialize<T>(RecordJson.Options)!;
    }
}

/// <summary>What was written, and the version that it has now.</summary>
public sealed record Written(Guid Id, long Version)
{
    /// <summary>What is worth knowing of it, such as others that are the same by all appearance.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <summary>What went to the trash.</summary>
/// <param name="Dependants">How many of each kind went along.</param>
public sealed record TrashedRecord(Guid Id, DateTimeOffset DeletedAt, IReadOnlyDictionary<string, long> Dependants);

/// <summary>What a purge took.</summary>
/// <param name="ReceiptId">By which it can be shown later that it is gone.</param>
/// <param name="Taken">Counts by kind: dependants, and objects and bytes where there are any.</param>
public sealed record PurgedRecord(Guid Id, Guid ReceiptId, DateTimeOffset PurgedAt, IReadOnlyDictionary<string, long> Taken);
