using System.Text.Json;
using System.Text.Json.Nodes;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Schema;
using Npgsql;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>The records of a <see cref="RecordTable{TFields}"/>.</summary>
internal sealed class Records<TFields>(RecordTable<TFields> table, IEnumerable<RecordTable> all, ClientSchemas schemas, DbSession db, Seals seals, TimeProvider time) : IRecords<TFields>
    where TFields : class
{
    public RecordKind Kind => table.Kind;

    public async Task<StoredRecord?> FindForUpdate(Guid id, CancellationToken cancellationToken) =>
        await db.Find<Row>(table.Select, Of(id), cancellationToken) is { } row
            ? new StoredRecord(
                new RecordState(Kind, row.Id, row.Version, row.CreatedAt, row.CreatedByKind, row.CreatedBy, row.DeletedAt, Names.Require<ApprovalStatus>(row.ApprovalStatus)),
                Changed(row.Fields, SealedOf(id).Open),
                row.Own) { Schema = row.Schema }
            : null;

    public async Task<bool> Hold(Guid id, CancellationToken cancellationToken) => await db.Find<Guid?>(RecordTable.Hold(table.Name), Of(id), cancellationToken) is not null;

    public async Task<Result<Written>> Add(Guid id, TFields fields, CancellationToken cancellationToken)
    {
        var json = Changed(table.Json(fields), SealedOf(id).Seal);
        if (await HoldParents(json, cancellationToken) is { } missing) return missing;
        return await Unless(fields, async () =>
        {
            var added = table.HasCustomFields ? await AddHeld(id, json, cancellationToken) : new Written(id, await db.Single<int>(table.Insert, Of(id, json), cancellationToken));
            return added.Succeeded ? await Look(added.Value, cancellationToken) : added;
        });
    }

    public async Task<Result<Written>> Save(StoredRecord record, TFields fields, CancellationToken cancellationToken)
    {
        var (state, json) = (record.State, Changed(table.Json(fields), SealedOf(record.State.Id).Seal));
        if (await HoldParents(json, cancellationToken, record.Fields) is { } missing) return missing;

        var schema = record.Schema is { } last ? await schemas.Of(db, last, cancellationToken) : null;
        if (schema is not null)
        {
            var held = await schema.Hold(table.Entity, record.Fields, json, db, cancellationToken);
            if (!held.Succeeded) return held.As<Written>();
            json = held.Value;
        }

        return await Unless(fields, async () =>
            await Look(new Written(state.Id, await db.Find<int?>(table.Update, Of(state.Id, json, schema), cancellationToken) ?? state.Version), cancellationToken));
    }

    public async Task<Result<Written>> Set<T>(StoredRecord record, T values, CancellationToken cancellationToken)
    {
        var given = JsonSerializer.SerializeToElement(values, RecordJson.Options);
        var own = table.Own.ToDictionary(column => column.Name, column => given.TryGetProperty(column.Name, out var value) ? value : record.Own.GetProperty(column.Name), StringComparer.Ordinal);
        var parameters = Of(record.State.Id, JsonSerializer.SerializeToElement(own));
        return await Unless(record.As<TFields>(), async () => new Written(record.State.Id, await db.Find<int?>(table.Set, parameters, cancellationToken) ?? record.State.Version));
    }

    public async Task<TrashedRecord> SaveTrashed(RecordState record, string? reason, CancellationToken cancellationToken)
    {
        var deletion = new
        {
            db.ClientId, record.Id, DeletionId = Guid.CreateVersion7(), record.DeletedAt, Reason = reason, ActorKind = db.Caller.KindName, db.Caller.ActorId,
        };
        await db.Execute(table.Trash, deletion, cancellationToken);

        var taken = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (child, parent) in Descendants(table))
        {
            var name = NameOf(child, parent);
            taken[name] = taken.GetValueOrDefault(name) + await db.Execute(child.TrashAlong(parent), deletion, cancellationToken);
        }

        foreach (var (name, sql) in table.Counts) taken[name] = await db.Single<long>(sql, Of(record.Id), cancellationToken);
        return new TrashedRecord(record.Id, record.DeletedAt!.Value, taken);
    }

    public async Task<Result<Written>> SaveRestored(StoredRecord stored, CancellationToken cancellationToken)
    {
        var record = stored.State;
        foreach (var parent in table.Parents.Where(parent => parent.TakesAlong))
        {
            if (await db.Find<Guid?>(table.SelectParent(parent), Of(record.Id), cancellationToken) is { } trashed) return new ParentInTrash(parent.Kind, trashed);
        }

        var deletion = await db.Find<Guid?>(table.SelectDeletion, Of(record.Id), cancellationToken);
        var restore = new { db.ClientId, record.Id, DeletionId = deletion, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() };
        var kind = Kind;
        try
        {
            await db.Execute(table.Restore, restore, cancellationToken);
            foreach (var (child, _) in Descendants(table))
            {
                kind = child.Kind;
                await db.Execute(child.RestoreAlong, restore, cancellationToken);
            }
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation || (kind == Kind && FriendlyOf(exception, stored.As<TFields>()) is not null))
        {
            return kind == Kind && FriendlyOf(exception, stored.As<TFields>()) is { } friendly ? friendly : new RestoreConflicts(kind);
        }

        return new Written(record.Id, record.Version + 1);
    }

    public async Task<Written> SaveApproval(RecordState record, CancellationToken cancellationToken)
    {
        var approval = new { db.ClientId, record.Id, Status = Names.Of(record.Approval), ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() };
        return new Written(record.Id, await db.Single<int>(table.Approve, approval, cancellationToken));
    }

    public async Task<bool> TakesAlong(Guid id, CancellationToken cancellationToken)
    {
        foreach (var (child, parent) in Children(table))
        {
            if ((await db.List<Guid>(child.SelectAlong(parent), new { db.ClientId, Ids = new[] { id } }, cancellationToken)).Count > 0) return true;
        }

        foreach (var name in table.GoAlong)
        {
            if (await db.Single<long>(table.Counts[name], Of(id), cancellationToken) > 0) return true;
        }

        return false;
    }

    public async Task<Error?> FindKept(Guid id, CancellationToken cancellationToken) =>
        table.Keeping is { } keeping && await db.Single<bool>(table.SelectIsKept, Of(id), cancellationToken) ? new RecordKept(Kind, id, keeping.What) : null;

    public async Task<PurgedRecord> Purge(Guid id, string? reason, CancellationToken cancellationToken)
    {
        var receipt = Guid.CreateVersion7();
        var now = time.GetUtcNow();
        var taken = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, sql) in table.Counts) taken[name] = await db.Single<long>(sql, Of(id), cancellationToken);
        foreach (var (of, ids) in await FindAlong(id, taken, cancellationToken))
        {
            if (of.LetsGo is null) continue;
            foreach (var (name, count) in await db.List<LetGo>(of.LetsGo, new { db.ClientId, Ids = ids, ReceiptId = receipt }, cancellationToken))
                taken[name] = taken.GetValueOrDefault(name) + count;
        }

        await db.Execute(table.Delete, Of(id), cancellationToken);
        await db.WriteReceipt(receipt, Kind.Entity, id, reason, taken, now, cancellationToken);
        return new PurgedRecord(id, receipt, now, taken);
    }

    public Task<IReadOnlyList<Guid>> FindPurgeable(int limit, CancellationToken cancellationToken) =>
        db.List<Guid>(table.SelectPurgeable, new { db.ClientId, Now = time.GetUtcNow(), Limit = limit }, cancellationToken);

    /// <summary>Adds one whose custom fields are held to what the client has declared by then, whatever this process knew of it.</summary>
    private async Task<Result<Written>> AddHeld(Guid id, JsonElement fields, CancellationToken cancellationToken)
    {
        var (schema, isRead) = (await schemas.Of(db, cancellationToken), false);
        while (true)
        {
            var held = await schema.Hold(table.Entity, before: null, fields, db, cancellationToken);
            if (!held.Succeeded && isRead) return held.As<Written>();
            if (held.Succeeded && await db.Find<int?>(table.Insert, Of(id, held.Value, schema), cancellationToken) is { } version) return new Written(id, version);

            (schema, isRead) = (await schemas.Read(db, cancellationToken), true);
        }
    }

    /// <summary>The record and all that goes with it, each once, locked and counted.</summary>
    private async Task<List<(RecordTable Of, Guid[] Ids)>> FindAlong(Guid id, Dictionary<string, long> taken, CancellationToken cancellationToken)
    {
        foreach (var (child, parent) in Descendants(table)) taken[NameOf(child, parent)] = 0;

        List<(RecordTable Of, Guid[] Ids)> found = [(table, [id])];
        HashSet<Guid> known = [id];
        for (var i = 0; i < found.Count; i++)
        {
            foreach (var (child, parent) in Children(found[i].Of))
            {
                Guid[] ids = [.. (await db.List<Guid>(child.SelectAlong(parent), new { db.ClientId, found[i].Ids }, cancellationToken)).Where(known.Add)];
                taken[NameOf(child, parent)] += ids.Length;
                if (ids.Length > 0) found.Add((child, ids));
            }
        }

        return found;
    }

    private SealedRecord SealedOf(Guid id) => new(seals, table.Name, db.ClientId, id);

    /// <summary>The fields with what is sealed changed.</summary>
    private JsonElement Changed(JsonElement fields, Func<string, string, string> change)
    {
        if (!table.Columns.Any(column => column.IsSealed)) return fields;

        var changed = JsonObject.Create(fields)!;
        foreach (var column in table.Columns.Where(column => column.IsSealed))
        {
            if (changed[column.Name]?.GetValue<string>() is { } value) changed[column.Name] = change(column.Name, value);
        }

        return JsonSerializer.SerializeToElement(changed);
    }

    /// <param name="before">What a record has already stays, and is not held: its deletion takes the parent first, and this record then.</param>
    private async Task<Error?> HoldParents(JsonElement fields, CancellationToken cancellationToken, JsonElement? before = null)
    {
        foreach (var parent in table.Parents)
        {
            if (!fields.TryGetProperty(parent.Column, out var given) || given.ValueKind is JsonValueKind.Null) continue;
            var parentId = given.GetGuid();
            if (before?.GetProperty(parent.Column) is { ValueKind: JsonValueKind.String } known && known.GetGuid() == parentId) continue;
            if (await db.Find<Guid?>(RecordTable.Hold(parent.Table), Of(parentId), cancellationToken) is null)
                return new ParentNotFound(parent.Kind, parentId, parent.Column);
        }

        foreach (var named in table.Named)
        {
            if (fields.GetProperty(named.Column).GetString() is not { } name || before?.GetProperty(named.Column).GetString() == name) continue;
            if (await db.Find<Guid?>(named.Hold, new { db.ClientId, Name = name }, cancellationToken) is null)
                return new UnknownName(named.Kind, name, await db.List<string>(named.SelectKnown, new { db.ClientId }, cancellationToken), named.Column);
        }

        return null;
    }

    /// <summary>Says of what was written which others it is like.</summary>
    private async Task<Written> Look(Written written, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var (code, message, field, sql) in table.Likenesses)
        {
            if (await db.List<Guid>(sql, Of(written.Id), cancellationToken) is { Count: > 0 } alike) findings.Add(new(code, message, field, alike));
        }

        return written with { Findings = findings };
    }

    /// <summary>Whatever a deletion of these takes along, parents before their children.</summary>
    private IEnumerable<(RecordTable Child, RecordParent Parent)> Descendants(RecordTable of) =>
        Children(of).SelectMany(child => Descendants(child.Child).Prepend(child));

    private IEnumerable<(RecordTable Child, RecordParent Parent)> Children(RecordTable of) =>
        from child in all
        from parent in child.Parents
        where parent.TakesAlong && parent.Table == of.Name
        select (child, parent);

    /// <summary>What an answer calls those that go along.</summary>
    private static string NameOf(RecordTable child, RecordParent parent) => parent.As ?? child.Name;

    private async Task<Result<Written>> Unless(TFields fields, Func<Task<Result<Written>>> write)
    {
        try
        {
            return await write();
        }
        catch (PostgresException exception) when (FriendlyOf(exception, fields) is { } error)
        {
            return error; // the transaction is over, and the command fails
        }
    }

    private Error? FriendlyOf(PostgresException exception, TFields fields) =>
        exception.ConstraintName is { } name && table.Violations.TryGetValue(name, out var error) ? error(fields) : null;

    private object Of(Guid id) => new { db.ClientId, Id = id };

    private object Of(Guid id, JsonElement fields, ClientSchema? schema = null) =>
        new { db.ClientId, Id = id, Fields = fields, SchemaLast = schema?.Last, SchemaVersion = schema?.Version, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() };

    private sealed record Row(
        Guid Id, int Version, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset? DeletedAt, string ApprovalStatus, string? Schema,
        JsonElement Fields, JsonElement Own);

    private sealed record LetGo(string Name, long Count);
}
