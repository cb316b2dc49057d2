using MediaPlatform.Application.Access;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Access;

internal sealed class Members(DbSession db, TimeProvider time) : IMembers
{
    private const string FindOrInsertUser = """
        with added as (
            insert into users (id, email, created_at, updated_at)
            values (@Id, @Email, @Now, @Now)
            on conflict on constraint users_email_unique do nothing
            returning id
        )
        select id from added
        union all
        select id from users where email = @Email
        limit 1
        """;

    private const string Insert = """
        insert into members (client_id, id, user_id, display_name, role, permissions, status, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Id, @UserId, normalize(@DisplayName), @Role, @Permissions::jsonb, @Status, @Now, @ActorKind, @ActorId, @Now)
        on conflict on constraint members_one_per_user do nothing
        """;

    private const string SelectForUpdate = """
        select id, user_id, display_name, role, permissions::text, status, version
        from members
        where client_id = @ClientId and id = @Id
        for update
        """;

    private const string Update = """
        update members
        set display_name = normalize(@DisplayName), role = @Role, permissions = @Permissions::jsonb, status = @Status, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
            and row(display_name, role, permissions, status) is distinct from row(normalize(@DisplayName), @Role, @Permissions::jsonb, @Status)
        returning version
        """;

    private const string LockClient = """
        select id
        from clients
        where id = @ClientId
        for no key update
        """;

    private const string SelectOtherOwner = """
        select exists (
            select from members
            where client_id = @ClientId and id <> @Id and role = 'owner' and status = 'active')
        """;

    private const string Delete = """
        delete from members
        where client_id = @ClientId and id = @Id
        """;

    public async Task<UserId> FindOrAddUser(string email, CancellationToken cancellationToken)
    {
        var parameters = new { Id = Guid.CreateVersion7(), Email = email, Now = time.GetUtcNow() };

        // Neither half sees a user that another transaction commits in between; the second look does.
        var found = await db.Find<Guid?>(FindOrInsertUser, parameters, cancellationToken) ?? await db.Single<Guid>(FindOrInsertUser, parameters, cancellationToken);
        return new UserId(found);
    }

    public async Task<bool> Add(Member member, CancellationToken cancellationToken) =>
        await db.Execute(Insert, Row(member), cancellationToken) == 1;

    public async Task<Member?> FindForUpdate(MemberId id, CancellationToken cancellationToken) =>
        await db.Find<MemberRow>(SelectForUpdate, new { db.ClientId, Id = id.Value }, cancellationToken) is { } row
            ? new Member(new(row.Id), new(row.UserId), row.DisplayName, Names.Require<Role>(row.Role), Names.Require<MemberStatus>(row.Status), row.Version)
            {
                Permissions = Permissions.Read(row.Permissions),
            }
            : null;

    public async Task<Member> Save(Member member, CancellationToken cancellationToken) =>
        member with { Version = await db.Find<int?>(Update, Row(member), cancellationToken) ?? member.Version };

    public async Task<bool> HasOtherOwner(MemberId id, CancellationToken cancellationToken)
    {
        // A statement of its own: the next one sees what was committed while this one waited.
        await db.Single<Guid>(LockClient, new { db.ClientId }, cancellationToken);
        return await db.Single<bool>(SelectOtherOwner, new { db.ClientId, Id = id.Value }, cancellationToken);
    }

    public Task Remove(MemberId id, CancellationToken cancellationToken) => db.Execute(Delete, new { db.ClientId, Id = id.Value }, cancellationToken);

    private object Row(Member member) => new
    {
        db.ClientId, Id = member.Id.Value, UserId = member.UserId.Value, member.DisplayName, Role = Names.Of(member.Role), Permissions = Permissions.Write(member.Permissions), Status = Names.Of(member.Status),
        ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(),
    };

    private sealed record MemberRow(Guid Id, Guid UserId, string? DisplayName, string Role, string Permissions, string Status, int Version);
}
