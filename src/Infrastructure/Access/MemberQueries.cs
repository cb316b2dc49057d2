using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Access;

internal sealed class MemberQueries(DbSession db) : IQueryHandler<ListMembers, Page<MemberDetails>>, IQueryHandler<GetMember, MemberDetails>
{
    private const string Columns = "r.id, r.user_id, u.email, r.display_name, r.role, r.permissions, r.status, r.created_at, r.updated_at, r.version";

    internal static readonly ListDefinition<MemberDetails> List = new(
        Columns,
        "members r join users u on u.id = r.user_id",
        [
            new("id", "r.id", FieldType.Uuid),
            new("email", "u.email", FieldType.Text),
            Fields.Enum<MemberDetails, Role>("role", "r.role"),
            Fields.Enum<MemberDetails, MemberStatus>("status", "r.status"),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
        ],
        row => row.Id);

    public Task<Result<Page<MemberDetails>>> Handle(ListMembers query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public Task<Result<MemberDetails>> Handle(GetMember query, CancellationToken cancellationToken) =>
        db.One(List, query.Id.Value, new MemberNotFound(query.Id), cancellationToken);
}
