using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Schema;
using MediaPlatform.Domain;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Schema;

internal sealed class SchemaQueries(DbSession db) : IQueryHandler<ListSchemaChanges, Page<SchemaChangeDetails>>, IQueryHandler<GetClientSchema, ClientSchemaDetails>
{
    // The client's changes, and those of the platform: a line for whatever a migration brings that callers see. They are every client's.
    private const string Rows = """
        (
            select id, client_id, '1.' || version as version, 'client' as scope, entity, field, definition_id, change, null as description, before, after,
                occurred_at, actor_kind, actor_id, request_id
            from schema_changes
            union all
            select core.id::uuid, client.id, '1.0', 'platform', core.entity, null, null, 'added', core.description, null, null, core.day::timestamptz, 'system', null, null
            from clients client
            cross join (values
                ('00000000-0000-7000-8000-000000000001', '2026-11-20T00:00:00Z', 'media', 'Media assets with tags, custom fields, approval and trash.'),
                ('00000000-0000-7000-8000-000000000002', '2026-11-27T00:00:00Z', 'shows', 'Shows.'),
                ('00000000-0000-7000-8000-000000000003', '2026-11-27T00:00:00Z', 'episodes', 'Episodes with numbers, dates, status and production notes.'),
                ('00000000-0000-7000-8000-000000000004', '2026-11-27T00:00:00Z', 'wardrobe-items', 'Wardrobe items.'),
                ('00000000-0000-7000-8000-000000000005', '2026-11-27T00:00:00Z', 'clips', 'Clips and talent sources.'),
                ('00000000-0000-7000-8000-000000000006', '2026-11-27T00:00:00Z', 'scripts', 'Scripts in versions.'),
                ('00000000-0000-7000-8000-000000000007', '2026-11-27T00:00:00Z', 'outfits', 'Outfits of wardrobe items, and what episodes wear.'),
                ('00000000-0000-7000-8000-000000000008', '2026-11-27T00:00:00Z', 'ui-elements', 'UI elements and backgrounds in versions, and which episodes show them.'),
                ('00000000-0000-7000-8000-000000000009', '2026-11-27T00:00:00Z', 'field-definitions', 'Fields that clients declare themselves.'),
                ('00000000-0000-7000-8000-000000000010', '2026-11-27T00:00:00Z', 'components', 'Components of episodes.'),
                ('00000000-0000-7000-8000-000000000011', '2026-11-27T00:00:00Z', 'guests', 'Guests, with consent and sealed contact data, and in which episodes they are.'),
                ('00000000-0000-7000-8000-000000000012', '2026-11-28T00:00:00Z', 'labels', 'Networks, labels and projects.'),
                ('00000000-0000-7000-8000-000000000013', '2026-11-28T00:00:00Z', 'people', 'People and their aliases.'),
                ('00000000-0000-7000-8000-000000000014', '2026-11-28T00:00:00Z', 'sessions', 'Sessions, and who was in them as what.'),
                ('00000000-0000-7000-8000-000000000015', '2026-11-28T00:00:00Z', 'channels', 'Channels, where sets are published.'),
                ('00000000-0000-7000-8000-000000000016', '2026-11-28T00:00:00Z', 'sets', 'Published sets, and whom they credit.'),
                ('00000000-0000-7000-8000-000000000017', '2026-11-28T00:00:00Z', 'manifests', 'Manifests of what was chosen from the stock library.')
            ) core (id, day, entity, description)
        ) r
        """;

    internal static readonly ListDefinition<SchemaChangeDetails> List = new(
        """
        r.id, r.version, r.scope, r.entity, r.field, r.definition_id, r.change, r.description, r.before, r.after,
        r.occurred_at, r.actor_kind, r.actor_id, r.request_id
        """,
        Rows,
        [
            new("id", "r.id", FieldType.Uuid),
            new("version", "r.version", FieldType.Code),
            new("scope", "r.scope", FieldType.Enum, Names: ["platform", "client"]),
            new("entity", "r.entity", FieldType.Code),
            new("field", "r.field", FieldType.Code, Nullable: true),
            new("definition_id", "r.definition_id", FieldType.Uuid, Nullable: true),
            new("change", "r.change", FieldType.Enum, Names: ["added", "changed", "deprecated", "removed"]),
            new("actor_id", "r.actor_id", FieldType.Uuid, Nullable: true),
            new("occurred_at", "r.occurred_at", FieldType.Instant, row => row.OccurredAt),
        ],
        row => row.Id,
        DefaultSort: "occurred_at");

    public Task<Result<Page<SchemaChangeDetails>>> Handle(ListSchemaChanges query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public async Task<Result<ClientSchemaDetails>> Handle(GetClientSchema query, CancellationToken cancellationToken)
    {
        var (_, version, fields) = await ClientSchemas.Select(db, cancellationToken);
        return new ClientSchemaDetails(version, fields);
    }
}
