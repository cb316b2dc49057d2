using System.Text.Json;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Schema;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>One column that is written.</summary>
/// <param name="Name">On the wire, and in SQL where <see cref="Column"/> does not say otherwise.</param>
/// <param name="Type">In SQL, such as <c>text</c>, <c>date</c> or <c>jsonb</c>.</param>
/// <param name="AsItCame">Another system's words: the text is not composed (NFC).</param>
internal sealed record RecordColumn(string Name, string Type, bool AsItCame = false)
{
    /// <summary>In SQL, where the record itself has a column of that name already, such as its <c>version</c>.</summary>
    public string Column { get; init; } = Name;

    /// <summary>Encrypted where it lies, and hidden from exports; whoever declares it says who reads it. It is not filtered by, and a text.</summary>
    public bool IsSealed { get; init; }

    /// <summary>The value to store, from what was given. Of a list of texts each stays once, where it first stood.</summary>
    public string Stored => Otherwise is null ? Counted : $"coalesce({Counted}, {Otherwise})";

    /// <summary>When what is given does not count: a condition over the same as <see cref="Otherwise"/>.</summary>
    public string? Unless { get; init; }

    /// <summary>What stands where nothing is given: an expression over the fields <c>f</c>, <c>@ClientId</c>, <c>@Id</c> and <c>@Now</c>. Null is null, too.</summary>
    public string? Otherwise { get; init; }

    private string Counted => Unless is null ? Given : $"case when not {Unless} then {Given} end";

    private string Given => (Type, AsItCame) switch
    {
        ("text", false) => $"normalize(f.{Name})",
        ("text[]", false) => $"array(select normalize(given) from unnest(f.{Name}) with ordinality as list (given, place) group by 1 order by min(place))",
        _ => $"f.{Name}",
    };
}

/// <summary>A record that another one belongs to: it must be there, and is held while the other is written.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Column">The foreign key in the other's table.</param>
/// <param name="TakesAlong">Its deletion takes the other along, and its restore brings that back.</param>
/// <param name="As">What the answer to the deletion calls those taken along, such as <c>clips</c>.</param>
internal sealed record RecordParent(RecordKind Kind, string Table, string Column, bool TakesAlong = false, string? As = null);

/// <summary>A record that another one names by its name: one that is not there is refused with those that are.</summary>
/// <param name="Table">Its table, with a column <c>name</c>.</param>
/// <param name="Column">The name in the other's table.</param>
internal sealed record RecordName(RecordKind Kind, string Table, string Column)
{
    public string Hold => $"""
        select id
        from {Table}
        where client_id = @ClientId and name = normalize(@Name) and deleted_at is null
        for share
        """;

    /// <summary>The first of them, for who has named another.</summary>
    public string SelectKnown => $"""
        select name
        from {Table}
        where client_id = @ClientId and deleted_at is null
        order by name
        limit 20
        """;
}

/// <summary>When a record is never deleted for good, whoever asks and however long it is in the trash: it has what is kept for ever.</summary>
/// <param name="Sql">A condition over <c>record</c>.</param>
/// <param name="What">What it has, such as <c>raw credits, which are kept for ever</c>.</param>
internal sealed record Keeping(string Sql, string What);

/// <summary>How another record may be the same thing once more: a warning to whoever writes, never a refusal.</summary>
/// <param name="Field">The one to look at.</param>
/// <param name="Sql">The ids of live records that are like <c>@Id</c>, a few of them.</param>
internal sealed record Likeness(string Code, string Message, string Field, string Sql);

/// <summary>
/// A kind of primary records as a declaration: names that become constant SQL, once. Its table has, beside what is named here, the columns
/// that all of them share: see <c>docs/adr/0023</c>.
/// </summary>
internal abstract record RecordTable(RecordKind Kind, string Name, IReadOnlyList<RecordColumn> Columns)
{
    public IReadOnlyList<RecordParent> Parents { get; init; } = [];

    /// <summary>Of many, as its path begins, such as <c>wardrobe-items</c>.</summary>
    public string Entity { get; init; } = Name.Replace('_', '-');

    /// <summary>Whether it has fields of the client's own, which are held to what the client has declared.</summary>
    public bool HasCustomFields { get; } = Columns.Any(column => column.Name == "custom_fields");

    /// <summary>The records that it names.</summary>
    public IReadOnlyList<RecordName> Named { get; init; } = [];

    /// <summary>Columns that only use cases write, such as a status. A new record has their defaults.</summary>
    public IReadOnlyList<RecordColumn> Own { get; init; } = [];

    /// <summary>What else an update sets, such as a generation that goes up with a change.</summary>
    public string AlsoSets { get; init; } = "";

    /// <summary>What a deletion counts beside those that it takes along: name and a scalar query over <c>@ClientId</c> and <c>@Id</c>.</summary>
    public IReadOnlyDictionary<string, string> Counts { get; init; } = new Dictionary<string, string>();

    /// <summary>Those of <see cref="Counts"/> that a purge deletes or empties, other than dependants: who may purge only what takes nothing along may not purge one that has any.</summary>
    public IReadOnlyList<string> GoAlong { get; init; } = [];

    /// <summary>What keeps one from being deleted for good; null where nothing does.</summary>
    public Keeping? Keeping { get; init; }

    /// <summary>What is looked for when one was written.</summary>
    public IReadOnlyList<Likeness> Likenesses { get; init; } = [];

    /// <summary>
    /// Lets go of what the rows <c>@Ids</c> have beside themselves, such as objects in a store: a statement that stands before their deletion,
    /// notes <c>@ReceiptId</c> with it, and gives <c>name</c> and <c>count</c> of what it was.
    /// </summary>
    public string? LetsGo { get; init; }

    public string Select => field ??= $"""
        select id, version, created_at, created_by_kind, created_by, deleted_at, approval_status, {(HasCustomFields ? ClientSchemas.Last : "null::text")} as schema,
            (select to_jsonb(fields) from (select {ReadOf(Columns)}) fields) as fields,
            {(Own.Count == 0 ? "'{}'::jsonb" : $"(select to_jsonb(own) from (select {ReadOf(Own)}) own)")} as own
        from {Name}
        where client_id = @ClientId and id = @Id
        for update
        """;

    /// <summary>No row comes of it when the client's schema is not the one that the fields were held to.</summary>
    public string Insert => field ??= $"""
        insert into {Name} (client_id, id, created_at, created_by_kind, created_by, updated_at, {(HasCustomFields ? "schema_version, " : "")}{NamesOf(Columns)})
        select @ClientId, @Id, @Now, @ActorKind, @ActorId, @Now, {(HasCustomFields ? "@SchemaVersion, " : "")}{StoredOf(Columns)}
        from {GivenOf(Columns)}
        {(HasCustomFields ? $"where @SchemaLast = {ClientSchemas.Last}" : "")}
        returning version
        """;

    public string Update => field ??= UpdateOf(Columns, HasCustomFields ? $"{AlsoSets}schema_version = coalesce(@SchemaVersion::text, r.schema_version), " : AlsoSets);

    /// <summary>As an update, of the own columns.</summary>
    public string Set => field ??= UpdateOf(Own);

    public string Trash => field ??= $"""
        update {Name}
        set deleted_at = @DeletedAt, deleted_by_kind = @ActorKind, deleted_by = @ActorId, deleted_reason = @Reason, deletion_id = @DeletionId,
            restored_at = null, restored_by_kind = null, restored_by = null, updated_at = @DeletedAt, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    /// <summary>What a parent's deletion takes along: the live rows of those that it took itself.</summary>
    public string TrashAlong(RecordParent parent) => $"""
        update {Name}
        set deleted_at = @DeletedAt, deleted_by_kind = @ActorKind, deleted_by = @ActorId, deleted_reason = @Reason, deletion_id = @DeletionId,
            restored_at = null, restored_by_kind = null, restored_by = null, updated_at = @DeletedAt, version = version + 1
        where client_id = @ClientId and deleted_at is null
            and {parent.Column} in (select id from {parent.Table} where client_id = @ClientId and deletion_id = @DeletionId)
        """;

    public string Restore => field ??= $"""
        update {Name}
        set deleted_at = null, deleted_by_kind = null, deleted_by = null, deleted_reason = null, deletion_id = null,
            restored_at = @Now, restored_by_kind = @ActorKind, restored_by = @ActorId, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    /// <summary>What one deletion took along; found by an index of its own.</summary>
    public string RestoreAlong => field ??= $"""
        update {Name}
        set deleted_at = null, deleted_by_kind = null, deleted_by = null, deleted_reason = null, deletion_id = null,
            restored_at = @Now, restored_by_kind = @ActorKind, restored_by = @ActorId, updated_at = @Now, version = version + 1
        where client_id = @ClientId and deletion_id = @DeletionId
        """;

    public string SelectDeletion => field ??= $"""
        select deletion_id
        from {Name}
        where client_id = @ClientId and id = @Id
        """;

    public string Approve => field ??= $"""
        update {Name}
        set approval_status = @Status,
            approved_at = case when @Status = 'approved' then @Now::timestamptz end,
            original_approver_kind = case when original_approver_kind is null and @Status = 'approved' then @ActorKind else original_approver_kind end,
            original_approver = case when original_approver_kind is null and @Status = 'approved' then @ActorId else original_approver end,
            updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        returning version
        """;

    /// <summary>What goes with the rows of a parent, in the trash or not, held against what would come below it.</summary>
    public string SelectAlong(RecordParent parent) => $"""
        select id
        from {Name}
        where client_id = @ClientId and {parent.Column} = any(@Ids)
        order by id
        for update
        """;

    public string Delete => field ??= $"""
        delete from {Name}
        where client_id = @ClientId and id = @Id
        """;

    public string SelectPurgeable => field ??= $"""
        select record.id
        from {Name} record
        join clients client on client.id = record.client_id
        where record.client_id = @ClientId and record.deleted_at < @Now::timestamptz - make_interval(days => client.trash_retention_days){UnlessKept}
        order by record.deleted_at
        limit @Limit
        for update of record skip locked
        """;

    /// <summary>The tenants with trash that is due.</summary>
    public string SelectClientsWithOldTrash => field ??= $"""
        select client.id
        from clients client
        where client.deleted_at is null and exists ( -- a client in the trash stays as it was
            select from {Name} record
            where record.client_id = client.id and record.deleted_at < @Now::timestamptz - make_interval(days => client.trash_retention_days){UnlessKept})
        """;

    /// <summary>Whether one is there, and since when it is in the trash.</summary>
    public string SelectStanding => field ??= $"""
        select id, deleted_at
        from {Name}
        where client_id = @ClientId and id = @Id
        """;

    /// <summary>Whether one is kept for ever.</summary>
    public string SelectIsKept => field ??= $"""
        select exists (select from {Name} record where record.client_id = @ClientId and record.id = @Id and {Keeping?.Sql ?? "false"})
        """;

    /// <summary>A record that is not in the trash, held against its deletion.</summary>
    public static string Hold(string table) => $"""
        select id
        from {table}
        where client_id = @ClientId and id = @Id and deleted_at is null
        for share
        """;

    public string SelectParent(RecordParent parent) => $"""
        select parent.id
        from {Name} record
        join {parent.Table} parent on parent.client_id = record.client_id and parent.id = record.{parent.Column}
        where record.client_id = @ClientId and record.id = @Id and parent.deleted_at is not null
        """;

    /// <summary>Every statement, for the test that has PostgreSQL prepare them.</summary>
    public IEnumerable<string> Statements =>
    [
        Select, Insert, Update, Hold(Name), Trash, Restore, RestoreAlong, SelectDeletion, SelectStanding, Approve, Delete, SelectPurgeable, SelectClientsWithOldTrash,
        .. Parents.SelectMany(parent => new[] { Hold(parent.Table), SelectParent(parent), SelectAlong(parent), TrashAlong(parent) }),
        .. Own.Count > 0 ? [Set] : Array.Empty<string>(),
        .. Keeping is null ? Array.Empty<string>() : [SelectIsKept],
        .. LetsGo is null ? Array.Empty<string>() : [LetsGo],
        .. Counts.Values,
        .. Named.SelectMany(named => new[] { named.Hold, named.SelectKnown }),
        .. Likenesses.Select(likeness => likeness.Sql),
    ];

    private string UnlessKept => Keeping is null ? "" : $" and not {Keeping.Sql}";

    private string UpdateOf(IReadOnlyList<RecordColumn> columns, string also = "") => $"""
        update {Name} r
        set ({NamesOf(columns)}) = row({StoredOf(columns)}), {also}updated_at = @Now, version = r.version + 1
        from {GivenOf(columns)}
        where r.client_id = @ClientId and r.id = @Id and row({string.Join(", ", columns.Select(column => $"r.{column.Column}"))}) is distinct from row({StoredOf(columns)})
        returning r.version
        """;

    private static string NamesOf(IReadOnlyList<RecordColumn> columns) => string.Join(", ", columns.Select(column => column.Column));

    private static string ReadOf(IReadOnlyList<RecordColumn> columns) => string.Join(", ", columns.Select(column => column.Column == column.Name ? column.Name : $"{column.Column} as {column.Name}"));

    private static string StoredOf(IReadOnlyList<RecordColumn> columns) => string.Join(", ", columns.Select(column => column.Stored));

    private static string GivenOf(IReadOnlyList<RecordColumn> columns) =>
        $"jsonb_to_record(@Fields::jsonb) as f ({string.Join(", ", columns.Select(column => $"{column.Name} {column.Type}"))})";
}

/// <inheritdoc cref="RecordTable"/>
internal sealed record RecordTable<TFields>(RecordKind Kind, string Name, IReadOnlyList<RecordColumn> Columns) : RecordTable(Kind, Name, Columns)
    where TFields : class
{
    /// <summary>How fields are written down, such as tags in lower case.</summary>
    public Func<TFields, TFields> Tidy { get; init; } = static fields => fields;

    /// <summary>The friendly errors of constraints, by their names.</summary>
    public IReadOnlyDictionary<string, Func<TFields, Error>> Violations { get; init; } = new Dictionary<string, Func<TFields, Error>>();

    public JsonElement Json(TFields fields) => JsonSerializer.SerializeToElement(Tidy(fields), RecordJson.Options);
}
