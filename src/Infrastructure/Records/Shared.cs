using System.Text.Json;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>What every kind has whose table <c>make_records</c> made, for its declarations.</summary>
internal static class Shared
{
    /// <summary>What people write of it.</summary>
    public static readonly IReadOnlyList<RecordColumn> Columns = [new("external_id", "text", AsItCame: true), new("tags", "text[]"), new("custom_fields", "jsonb")];

    /// <summary>What they read of it, after its own columns.</summary>
    public const string Read = """
        r.external_id, r.tags, r.custom_fields, r.approval_status, r.schema_version, r.created_at, r.created_by, r.updated_at, r.version, r.approved_at, r.original_approver,
        r.deleted_at, r.deleted_by, r.deleted_reason, r.restored_at, r.restored_by
        """;

    /// <summary>The same of a kind that has a version of its own, as text: the record's number is its <c>revision</c>.</summary>
    public static readonly string ReadWithRevision = Read.Replace("r.version", "r.version as revision", StringComparison.Ordinal);

    public const string Visible = "r.deleted_at is null";

    /// <summary>Where the table has a column <c>search</c>. The question is read once, and not for each row.</summary>
    public const string Search = "r.search @@ (select search_query(normalize(@text)))";

    /// <summary>Of the texts <c>{0}</c> of a related field, those that are ids.</summary>
    public static readonly string RelatedIds = "select given::uuid from unnest({0}) given where given ~ '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'";

    /// <summary>Of the same, each as names are compared.</summary>
    public static readonly string RelatedNames = "select lower(normalize(given)) from unnest({0}) given";

    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <summary>By what its list is filtered and sorted.</summary>
    public static IReadOnlyList<Field<TDetails>> Fields<TDetails>(Func<TDetails, object?> createdAt)
        where TDetails : IRecordDetails =>
    [
        new("id", "r.id", FieldType.Uuid),
        new("external_id", "r.external_id", FieldType.Code, Nullable: true),
        new("tags", "r.tags", FieldType.TextArray),
        Query.Fields.Json<TDetails>("custom_fields", "r.custom_fields"),
        Query.Fields.Enum<TDetails, ApprovalStatus>("approval_status", "r.approval_status"),
        new("schema_version", "r.schema_version", FieldType.Code),
        new("created_at", "r.created_at", FieldType.Instant, createdAt),
        new("created_by", "r.created_by", FieldType.Uuid, Nullable: true),
        new("updated_at", "r.updated_at", FieldType.Instant),
        new("version", "r.version", FieldType.Integer),
        new("approved_at", "r.approved_at", FieldType.Instant, Nullable: true),
        new("original_approver", "r.original_approver", FieldType.Uuid, Nullable: true),
        new("deleted_at", "r.deleted_at", FieldType.Instant, Nullable: true),
        new("deleted_by", "r.deleted_by", FieldType.Uuid, Nullable: true),
        new("deleted_reason", "r.deleted_reason", FieldType.Text, Nullable: true),
        new("restored_at", "r.restored_at", FieldType.Instant, Nullable: true),
        new("restored_by", "r.restored_by", FieldType.Uuid, Nullable: true),
    ];

    /// <summary>The same, by the names of <see cref="ReadWithRevision"/>.</summary>
    public static IEnumerable<Field<TDetails>> FieldsWithRevision<TDetails>(Func<TDetails, object?> createdAt)
        where TDetails : IRecordDetails => Fields(createdAt).Select(field => field.Name == "version" ? field with { Name = "revision" } : field);

    public static string[] Tags(IRecordFields fields) => Domain.Tagging.Tags.Normalise(fields.Tags ?? []);

    /// <summary>An object, where none was given an empty one.</summary>
    public static JsonElement Object(JsonElement? given) => given ?? Nothing;
}
