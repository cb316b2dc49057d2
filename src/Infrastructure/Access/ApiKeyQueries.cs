using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Access;

internal sealed class ApiKeyQueries(DbSession db) : IQueryHandler<ListApiKeys, Page<ApiKeyDetails>>, IQueryHandler<GetApiKey, ApiKeyDetails>
{
    private const string Columns = "r.id, r.name, r.role, r.prefix, r.created_at, r.created_by_kind, r.created_by, r.expires_at, r.revoked_at, r.last_used_at, r.rotated_at, r.previous_until, r.version";

    internal static readonly ListDefinition<ApiKeyDetails> List = new(
        Columns,
        "api_keys r",
        [
            new("id", "r.id", FieldType.Uuid),
            new("name", "r.name", FieldType.Text),
            Fields.Enum<ApiKeyDetails, Role>("role", "r.role"),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
            new("expires_at", "r.expires_at", FieldType.Instant, Nullable: true),
            new("revoked_at", "r.revoked_at", FieldType.Instant, Nullable: true),
            new("last_used_at", "r.last_used_at", FieldType.Instant, Nullable: true),
        ],
        row => row.Id);

    public Task<Result<Page<ApiKeyDetails>>> Handle(ListApiKeys query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public Task<Result<ApiKeyDetails>> Handle(GetApiKey query, CancellationToken cancellationToken) =>
        db.One(List, query.Id.Value, new ApiKeyNotFound(query.Id), cancellationToken);
}
