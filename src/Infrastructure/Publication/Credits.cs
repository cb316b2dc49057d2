using MediaPlatform.Application.Publication;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Publication;

internal sealed class Credits(DbSession db, TimeProvider time) : ICredits
{
    private const string SelectCount = """
        select count(*)::int
        from set_credits
        where client_id = @ClientId and set_id = @SetId
        """;

    // Under the lock of the set, so that two who add to it get places of their own. The text is stored as it came: it is not even composed.
    private const string Insert = """
        insert into set_credits (client_id, id, set_id, position, role, raw_name, created_at, created_by_kind, created_by, updated_at)
        select @ClientId, @Id, @SetId, coalesce(max(position) + 1, 0), @Role, @RawName, @Now, @ActorKind, @ActorId, @Now
        from set_credits
        where client_id = @ClientId and set_id = @SetId
        """;

    private const string Select = """
        select id, set_id, role, raw_name, resolution_status as status, resolved_person_id as person_id, redacted_at, version
        from set_credits
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectForUpdate = Select + " for update";

    private const string Update = """
        update set_credits
        set resolution_status = @Status, resolved_person_id = @PersonId, resolution_id = @ResolutionId,
            resolved_at = case when @Status = 'unresolved' then null else @Now::timestamptz end,
            resolved_by_kind = case when @Status = 'unresolved' then null else @ActorKind::text end,
            resolved_by = case when @Status = 'unresolved' then null else @ActorId::uuid end,
            updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateRedacted = """
        update set_credits
        set raw_name = @RawName, redacted_at = @At, resolution_status = @Status, resolved_person_id = null, resolution_id = null,
            resolved_at = @At, resolved_by_kind = @ActorKind, resolved_by = @ActorId, updated_at = @At, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectName = """
        select name_norm
        from set_credits
        where client_id = @ClientId and id = @Id
        """;

    // A name that was resolved in one go stays while any credit has it.
    private const string RedactResolutions = """
        update credit_resolutions
        set name_norm = @RawName, updated_at = @At, version = version + 1
        where client_id = @ClientId and name_norm = @NameNorm and not exists (select from set_credits where client_id = @ClientId and name_norm = @NameNorm)
        """;

    private const string SelectMatching = """
        select credit.id, credit.set_id, s.title as set_title, credit.role, credit.raw_name, s.published_at
        from set_credits credit
        join sets s on s.client_id = credit.client_id and s.id = credit.set_id and s.deleted_at is null
        where credit.client_id = @ClientId and credit.name_norm = normal_name(@Name) and credit.resolution_status = 'unresolved'
            and (@Role::text is null or credit.role = @Role) and (@ChannelId::uuid is null or s.channel_id = @ChannelId)
        order by credit.created_at, credit.id
        limit @Limit
        """;

    private const string SelectNamed = """
        select id
        from set_credits
        where client_id = @ClientId and name_norm = normal_name(@Name)
        order by created_at desc, id desc
        limit @Limit
        """;

    private const string HoldGiven = """
        select id, deleted_at is not null as is_deleted
        from sets
        where client_id = @ClientId and id = any(@Ids)
        order by id
        for share
        """;

    private const string HoldResolved = """
        select id
        from sets
        where client_id = @ClientId and id in (select set_id from set_credits where client_id = @ClientId and resolution_id = @Id)
        order by id
        for share
        """;

    private const string InsertResolution = """
        insert into credit_resolutions (client_id, id, person_id, name_norm, role, channel_id, credits, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @ResolutionId, @PersonId, normal_name(@Name), @Role, @ChannelId, @Count, @Now, @ActorKind, @ActorId, @Now)
        """;

    // Locked in the order of their ids first: another resolution of the same ones waits, and neither locks the other out.
    private const string ResolveAll = """
        with found as materialized (
            select id
            from set_credits
            where client_id = @ClientId and id = any(@Ids) and resolution_status = 'unresolved'
            order by id
            for update
        )
        update set_credits credit
        set resolution_status = 'resolved', resolved_person_id = @PersonId, resolution_id = @ResolutionId, resolved_at = @Now, resolved_by_kind = @ActorKind, resolved_by = @ActorId,
            updated_at = @Now, version = version + 1
        from found
        where credit.client_id = @ClientId and credit.id = found.id
        """;

    private const string SelectResolution = """
        select id, person_id, undone_at
        from credit_resolutions
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectResolutionForUpdate = SelectResolution + " for update";

    // What was resolved anew since has another resolution, or none.
    private const string UndoAll = """
        with found as materialized (
            select id
            from set_credits
            where client_id = @ClientId and resolution_id = @Id
            order by id
            for update
        )
        update set_credits credit
        set resolution_status = 'unresolved', resolved_person_id = null, resolution_id = null, resolved_at = null, resolved_by_kind = null, resolved_by = null, updated_at = @Now, version = version + 1
        from found
        where credit.client_id = @ClientId and credit.id = found.id
        """;

    private const string UpdateUndone = """
        update credit_resolutions
        set undone_at = @Now, undone_by_kind = @ActorKind, undone_by = @ActorId, undone = @Count, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    public Task<int> Count(Guid setId, CancellationToken cancellationToken) => db.Single<int>(SelectCount, new { db.ClientId, SetId = setId }, cancellationToken);

    public async Task<Guid> Add(Guid setId, ParticipantRole role, string rawName, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await db.Execute(Insert, new { db.ClientId, Id = id, SetId = setId, Role = Names.Of(role), RawName = rawName, Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId }, cancellationToken);
        return id;
    }

    public Task<Credit?> Find(Guid id, CancellationToken cancellationToken) => Read(Select, id, cancellationToken);

    public Task<Credit?> FindForUpdate(Guid id, CancellationToken cancellationToken) => Read(SelectForUpdate, id, cancellationToken);

    public Task Save(Credit credit, Guid? resolutionId, CancellationToken cancellationToken) => db.Execute(
        Update,
        new { db.ClientId, credit.Id, Status = Names.Of(credit.Status), credit.PersonId, ResolutionId = resolutionId, Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId },
        cancellationToken);

    public async Task<RedactedCredit> Redact(Credit credit, long imports, string? reason, CancellationToken cancellationToken)
    {
        var (receipt, at) = (Guid.CreateVersion7(), credit.RedactedAt!.Value);
        var name = await db.Single<string>(SelectName, new { db.ClientId, credit.Id }, cancellationToken);
        await db.Execute(
            UpdateRedacted, new { db.ClientId, credit.Id, credit.RawName, At = at, Status = Names.Of(credit.Status), ActorKind = db.Caller.KindName, db.Caller.ActorId }, cancellationToken);
        var resolutions = await db.Execute(RedactResolutions, new { db.ClientId, NameNorm = name, credit.RawName, At = at }, cancellationToken);

        var taken = new Dictionary<string, long>(StringComparer.Ordinal) { ["credits"] = 1, ["imports"] = imports, ["resolutions"] = resolutions };
        await db.WriteReceipt(receipt, "set_credit", credit.Id, reason, taken, at, cancellationToken);
        return new RedactedCredit(credit.Id, receipt, at, taken);
    }

    public Task<IReadOnlyList<MatchingCredit>> FindMatching(CreditFilter filter, int limit, CancellationToken cancellationToken) =>
        db.List<MatchingCredit>(SelectMatching, new { db.ClientId, filter.Name, Role = NameOf(filter.Role), filter.ChannelId, Limit = limit }, cancellationToken);

    public Task<IReadOnlyList<Guid>> FindNamed(string name, int limit, CancellationToken cancellationToken) => db.List<Guid>(SelectNamed, new { db.ClientId, Name = name, Limit = limit }, cancellationToken);

    public async Task<IReadOnlySet<Guid>> HoldSets(IReadOnlyCollection<Guid> setIds, CancellationToken cancellationToken) =>
        (await db.List<(Guid Id, bool IsDeleted)>(HoldGiven, new { db.ClientId, Ids = setIds.Distinct().ToArray() }, cancellationToken)).Where(set => !set.IsDeleted).Select(set => set.Id).ToHashSet();

    public Task HoldSetsOf(Guid resolutionId, CancellationToken cancellationToken) => db.List<Guid>(HoldResolved, new { db.ClientId, Id = resolutionId }, cancellationToken);

    public async Task<int> Resolve(Guid resolutionId, CreditFilter filter, Guid personId, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var written = new
        {
            db.ClientId, ResolutionId = resolutionId, PersonId = personId, filter.Name, Role = NameOf(filter.Role), filter.ChannelId, Ids = ids.ToArray(), Now = time.GetUtcNow(),
            ActorKind = db.Caller.KindName, db.Caller.ActorId,
        };
        var count = await db.Execute(ResolveAll, written, cancellationToken);
        if (count > 0) await db.Execute(InsertResolution, new { written.ClientId, written.ResolutionId, written.PersonId, written.Name, written.Role, written.ChannelId, Count = count, written.Now, written.ActorKind, written.ActorId }, cancellationToken);
        return count;
    }

    public Task<Resolution?> FindResolution(Guid id, CancellationToken cancellationToken) => db.Find<Resolution>(SelectResolution, new { db.ClientId, Id = id }, cancellationToken);

    public Task<Resolution?> FindResolutionForUpdate(Guid id, CancellationToken cancellationToken) => db.Find<Resolution>(SelectResolutionForUpdate, new { db.ClientId, Id = id }, cancellationToken);

    public async Task<int> Undo(Guid resolutionId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var count = await db.Execute(UndoAll, new { db.ClientId, Id = resolutionId, Now = now }, cancellationToken);
        await db.Execute(UpdateUndone, new { db.ClientId, Id = resolutionId, Count = count, Now = now, ActorKind = db.Caller.KindName, db.Caller.ActorId }, cancellationToken);
        return count;
    }

    private async Task<Credit?> Read(string sql, Guid id, CancellationToken cancellationToken) => await db.Find<Row>(sql, new { db.ClientId, Id = id }, cancellationToken) is { } row
        ? new Credit(row.Id, row.SetId, Names.Require<ParticipantRole>(row.Role), row.RawName, Names.Require<ResolutionStatus>(row.Status), row.PersonId, row.RedactedAt, row.Version)
        : null;

    private static string? NameOf(ParticipantRole? role) => role is { } one ? Names.Of(one) : null;

    private sealed record Row(Guid Id, Guid SetId, string Role, string RawName, string Status, Guid? PersonId, DateTimeOffset? RedactedAt, int Version);
}
