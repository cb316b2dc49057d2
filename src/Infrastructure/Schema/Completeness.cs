using MediaPlatform.Application.Schema;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Schema;

/// <summary>Something that a record should have.</summary>
/// <param name="Field">As on the wire.</param>
/// <param name="IsThere">A condition over the row <c>r</c>; true or false, never null.</param>
internal sealed record Part(string Field, string IsThere);

/// <summary>What makes a record of a kind whole: a line for each part.</summary>
/// <param name="Entity">As its path begins.</param>
/// <param name="From">Its table with the alias <c>r</c>.</param>
/// <param name="Label">Its title or name, a column.</param>
internal sealed record Completeness(string Entity, string From, string Label, IReadOnlyList<Part> Parts)
{
    private const string Prefix = "has_";

    /// <summary>Whose permissions are asked for, where that is another kind.</summary>
    public string? Of { get; init; }

    /// <summary>What must hold of those that count.</summary>
    public string Visible { get; init; } = "r.deleted_at is null";

    /// <summary>By what else they can be picked, beside their own times.</summary>
    public IReadOnlyList<Field<IncompleteRecord>> Filters { get; init; } = [];

    /// <summary>Whether the client's own definitions may ask for more.</summary>
    public bool HasCustomFields { get; init; } = true;

    /// <summary>The records with what they lack. Each part is a field that is true or false.</summary>
    public ListDefinition<IncompleteRecord> List => field ??= new(
        $"r.id, {Label} as label, r.created_at, r.updated_at, array_remove(array[{string.Join(", ", Parts.Select(part => $"case when not ({part.IsThere}) then '{part.Field}' end"))}], null){(HasCustomFields ? $" || {LacksOfOwn}" : "")} as missing",
        From,
        [
            new("id", "r.id", FieldType.Uuid),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
            new("updated_at", "r.updated_at", FieldType.Instant),
            .. Filters,
            .. Parts.Select(part => new Field<IncompleteRecord>(Prefix + part.Field, $"({part.IsThere})", FieldType.Boolean)),
            .. HasCustomFields ? new[] { Fields.Json<IncompleteRecord>("custom_fields", "r.custom_fields"), new(Prefix + "custom_fields", $"(cardinality({LacksOfOwn}) = 0)", FieldType.Boolean) } : [],
        ],
        row => row.Id,
        Visible: Visible);

    /// <summary>Whether a document has anything in it. An empty one takes 5 to 8 bytes, and only their number is looked at: to compare large ones would be to read them.</summary>
    public static string Filled(string column) => $"pg_column_size({column}) > 8";

    /// <summary>The name of a part's field.</summary>
    public static string FieldOf(string part) => Prefix + part;

    private string LacksOfOwn => $"""
        array(
            select 'custom_fields.' || d.name
            from field_definitions d
            where d.client_id = r.client_id and d.entity = '{Entity}' and d.required and not d.deprecated and d.deleted_at is null and d.approval_status = 'approved'
                and coalesce(r.custom_fields -> d.name, 'null') = 'null'
            order by d.name)
        """;
}
