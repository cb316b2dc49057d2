using MediaPlatform.Application.Production;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Production;

internal sealed class PersonMerges(DbSession db, TimeProvider time) : IPersonMerges
{
    private const string SelectMergedInto = """
        select merged_into
        from people
        where client_id = @ClientId and id = @PersonId
        """;

    // Each of these moves what the other does not have already, and gives what it moved: @Only are those that may, null for all.
    private const string MoveAliases = """
        update person_aliases a
        set person_id = @To, updated_at = @Now, version = version + 1
        where a.client_id = @ClientId and a.person_id = @From and (@Only::uuid[] is null or a.id = any(@Only))
            and not exists (select from person_aliases other where other.client_id = @ClientId and other.person_id = @To and other.alias_norm = a.alias_norm)
        returning a.id
        """;

    private const string MoveSessionParticipants = """
        update session_participants link
        set person_id = @To, updated_at = @Now, version = version + 1
        where link.client_id = @ClientId and link.person_id = @From and (@Only::uuid[] is null or link.id = any(@Only))
            and not exists (select from session_participants other where other.client_id = @ClientId and other.person_id = @To and other.session_id = link.session_id and other.role = link.role)
        returning link.id
        """;

    private const string MoveSetParticipants = """
        update set_participants link
        set person_id = @To, updated_at = @Now, version = version + 1
        where link.client_id = @ClientId and link.person_id = @From and (@Only::uuid[] is null or link.id = any(@Only))
            and not exists (select from set_participants other where other.client_id = @ClientId and other.person_id = @To and other.set_id = link.set_id and other.role = link.role)
        returning link.id
        """;

    private const string MoveCreditsOf = """
        with found as materialized (
            select id
            from set_credits
            where client_id = @ClientId and resolved_person_id = @From and (@Only::uuid[] is null or id = any(@Only)) and (@Name::text is null or name_norm = normal_name(@Name))
                and (@Before::timestamptz is null or resolved_at <= @Before) -- what was decided since stays
            order by id
            for update
        )
        update set_credits credit
        set resolved_person_id = @To, resolution_id = case when @Name::text is null then credit.resolution_id end, updated_at = @Now, version = version + 1
        from found
        where credit.client_id = @ClientId and credit.id = found.id
        returning credit.id
        """;

    private const string MoveResolutions = """
        update credit_resolutions
        set person_id = @To, updated_at = @Now, version = version + 1
        where client_id = @ClientId and person_id = @From and (@Only::uuid[] is null or id = any(@Only))
        returning id
        """;

    // What the one is called, unless the other is called so or has it already.
    private const string AddNameAsAlias = """
        insert into person_aliases (client_id, id, person_id, alias, source, created_at, created_by_kind, created_by, updated_at)
        select @ClientId, @AliasId, @To, was.display_name, 'manual', @Now, @ActorKind, @ActorId, @Now
        from people was
        join people other on other.client_id = was.client_id and other.id = @To and other.display_name_norm <> was.display_name_norm
        where was.client_id = @ClientId and was.id = @From
        on conflict on constraint person_aliases_once do nothing
        returning id
        """;

    private const string RemoveAddedAlias = """
        delete from person_aliases
        where client_id = @ClientId and person_id = @From and id = (select added_alias from person_merges where client_id = @ClientId and id = @Id)
        """;

    private const string NoteActivity = "select note_activity(@ClientId, array[@From::uuid, @To::uuid])";

    private const string Insert = """
        insert into person_merges (client_id, id, from_id, into_id, aliases, added_alias, session_participants, set_participants, credits, resolutions, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Id, @From, @To, @Aliases, @AddedAlias, @SessionParticipants, @SetParticipants, @Credits, @Resolutions, @Now, @ActorKind, @ActorId, @Now)
        """;

    private const string Select = """
        select id, from_id, into_id, undone_at
        from person_merges
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectForUpdate = Select + " for update";

    private const string SelectMoved = """
        select aliases, session_participants, set_participants, credits, resolutions, created_at
        from person_merges
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateUndone = """
        update person_merges
        set undone_at = @Now, undone_by_kind = @ActorKind, undone_by = @ActorId, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    public Task<Guid?> FindMergedInto(Guid personId, CancellationToken cancellationToken) => db.Find<Guid?>(SelectMergedInto, new { db.ClientId, PersonId = personId }, cancellationToken);

    public async Task<Guid> Merge(Guid from, Guid into, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var (now, actor) = (time.GetUtcNow(), db.Caller);
        var moved = new
        {
            db.ClientId, Id = id, From = from, To = into,
            Aliases = await Move(MoveAliases, from, into, null, cancellationToken),
            AddedAlias = await db.Find<Guid?>(AddNameAsAlias, new { db.ClientId, AliasId = Guid.CreateVersion7(), From = from, To = into, Now = now, ActorKind = actor.KindName, actor.ActorId }, cancellationToken),
            SessionParticipants = await Move(MoveSessionParticipants, from, into, null, cancellationToken),
            SetParticipants = await Move(MoveSetParticipants, from, into, null, cancellationToken),
            Credits = await Move(MoveCreditsOf, from, into, null, cancellationToken),
            Resolutions = await Move(MoveResolutions, from, into, null, cancellationToken),
            Now = now, ActorKind = actor.KindName, actor.ActorId,
        };
        await db.Execute(Insert, moved, cancellationToken);
        await db.Execute(NoteActivity, new { db.ClientId, From = from, To = into }, cancellationToken);
        return id;
    }

    public Task<PersonMerge?> Find(Guid id, CancellationToken cancellationToken) => db.Find<PersonMerge>(Select, new { db.ClientId, Id = id }, cancellationToken);

    public Task<PersonMerge?> FindForUpdate(Guid id, CancellationToken cancellationToken) => db.Find<PersonMerge>(SelectForUpdate, new { db.ClientId, Id = id }, cancellationToken);

    public async Task Undo(PersonMerge merge, CancellationToken cancellationToken)
    {
        var (from, into) = (merge.IntoId, merge.FromId); // the other way round
        var moved = await db.Single<Moved>(SelectMoved, new { db.ClientId, merge.Id }, cancellationToken);
        await db.Execute(RemoveAddedAlias, new { db.ClientId, merge.Id, From = from }, cancellationToken);
        await Move(MoveAliases, from, into, moved.Aliases, cancellationToken);
        await Move(MoveSessionParticipants, from, into, moved.SessionParticipants, cancellationToken);
        await Move(MoveSetParticipants, from, into, moved.SetParticipants, cancellationToken);
        await Move(MoveCreditsOf, from, into, moved.Credits, cancellationToken, before: moved.CreatedAt);
        await Move(MoveResolutions, from, into, moved.Resolutions, cancellationToken);
        await db.Execute(NoteActivity, new { db.ClientId, From = from, To = into }, cancellationToken);
        await db.Execute(UpdateUndone, new { db.ClientId, merge.Id, Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId }, cancellationToken);
    }

    public async Task<int> MoveCredits(Guid from, Guid to, string name, CancellationToken cancellationToken) => (await Move(MoveCreditsOf, from, to, null, cancellationToken, name)).Length;

    private async Task<Guid[]> Move(string sql, Guid from, Guid to, Guid[]? only, CancellationToken cancellationToken, string? name = null, DateTimeOffset? before = null) =>
        [.. await db.List<Guid>(sql, new { db.ClientId, From = from, To = to, Only = only, Name = name, Before = before, Now = time.GetUtcNow() }, cancellationToken)];

    private sealed record Moved(Guid[] Aliases, Guid[] SessionParticipants, Guid[] SetParticipants, Guid[] Credits, Guid[] Resolutions, DateTimeOffset CreatedAt);
}
