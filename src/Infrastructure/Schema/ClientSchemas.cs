using System.Collections.Concurrent;
using System.Text.Json;
using MediaPlatform.Application.Schema;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Schema;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Schema;

/// <summary>
/// What clients have declared, as this process knows it. A write asks for it by the last change that stands in the database when it is written,
/// so that nothing is ever held to what another process has changed, or to what came to nothing.
/// </summary>
internal sealed class ClientSchemas
{
    /// <summary>The last change of a client's schema: a scalar over <c>@ClientId</c>, found at the end of the primary key; empty where there was none.</summary>
    internal const string Last = "coalesce((select change.id::text from schema_changes change where change.client_id = @ClientId order by change.version desc limit 1), '')";

    private const int MostClients = 10_000;

    // in one statement, so that the change is that of these fields: one row at least
    private const string SelectFields = $"""
        select s.last, s.version, f.id, f.entity, f.name, f.purpose, f.type, f.required, f.pattern, f.minimum, f.maximum, f.max_length, f.allowed_values, f.default_value,
            f.deprecated, f.deprecation_reason, f.promotion = 'ready' as is_sorted
        from (
            select {Last} as last, '1.' || coalesce(max(version), 0) as version
            from schema_changes
            where client_id = @ClientId
        ) s
        left join field_definitions f on f.client_id = @ClientId and f.deleted_at is null and f.approval_status = 'approved'
        order by f.entity, f.name
        """;

    private readonly ConcurrentDictionary<Guid, ClientSchema> known = new();

    /// <summary>The client's schema as it was when this process last read it; it may be another by now.</summary>
    public async ValueTask<ClientSchema> Of(DbSession db, CancellationToken cancellationToken) =>
        known.TryGetValue(db.ClientId, out var schema) ? schema : await Read(db, cancellationToken);

    /// <summary>The client's schema since that change, or a later one.</summary>
    public async ValueTask<ClientSchema> Of(DbSession db, string last, CancellationToken cancellationToken) =>
        known.TryGetValue(db.ClientId, out var schema) && schema.Last == last ? schema : await Read(db, cancellationToken);

    /// <summary>The client's schema as it is.</summary>
    public async Task<ClientSchema> Read(DbSession db, CancellationToken cancellationToken)
    {
        var (last, version, fields) = await Select(db, cancellationToken);
        var schema = new ClientSchema(last, version, fields.ToLookup(field => field.Entity, Definition, StringComparer.Ordinal));
        if (known.Count >= MostClients) known.Clear();
        known[db.ClientId] = schema;
        return schema;
    }

    /// <summary>The same, as it is shown.</summary>
    public static async Task<(string Last, string Version, IReadOnlyList<DeclaredField> Fields)> Select(DbSession db, CancellationToken cancellationToken)
    {
        var rows = await db.List<Row>(SelectFields, new { db.ClientId }, cancellationToken);
        return (rows[0].Last, rows[0].Version, [.. rows.Select(row => row.Field).OfType<DeclaredField>()]);
    }

    private static FieldDefinition Definition(DeclaredField field) => new(
        field.Entity, field.Name, Names.Require<CustomFieldType>(field.Type), field.Required, field.Pattern, field.Minimum, field.Maximum, field.MaxLength, field.AllowedValues,
        field.DefaultValue, field.Deprecated, field.DeprecationReason);

    private sealed record Row(
        string Last, string Version, Guid? Id, string? Entity, string? Name, string? Purpose, string? Type, bool? Required, string? Pattern, double? Minimum, double? Maximum, int? MaxLength,
        string[]? AllowedValues, JsonElement? DefaultValue, bool? Deprecated, string? DeprecationReason, bool? IsSorted)
    {
        public DeclaredField? Field => Id is { } id
            ? new(id, Entity!, Name!, Purpose!, Type!, Required!.Value, Pattern, Minimum, Maximum, MaxLength, AllowedValues!, DefaultValue, Deprecated!.Value, DeprecationReason, IsSorted is true)
            : null;
    }
}
