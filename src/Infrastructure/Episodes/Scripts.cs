using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Episodes;

internal sealed class Scripts(DbSession db, TimeProvider time) : IScripts
{
    private const string SelectEpisodeForShare = """
        select id, deleted_at
        from episodes
        where client_id = @ClientId and id = @Id
        for share
        """;

    private const string Insert = """
        insert into scripts (client_id, id, episode_id, kind, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Id, @EpisodeId, @Kind, @Now, @ActorKind, @ActorId, @Now)
        on conflict (client_id, episode_id, kind) where deleted_at is null do nothing
        """;

    private const string SelectForUpdate = """
        select id, active_version, last_version, version
        from scripts
        where client_id = @ClientId and episode_id = @EpisodeId and kind = @Kind and deleted_at is null
        for update
        """;

    // A statement of its own: one that has waited for the lock would count what there was before it waited.
    private const string Count = """
        select count(*) filter (where deleted_at is null)::int as versions, coalesce(max(number), 0) as last
        from script_versions
        where client_id = @ClientId and script_id = @Id
        """;

    private const string SelectTrashed = """
        select id, deleted_at
        from scripts
        where client_id = @ClientId and episode_id = @EpisodeId and kind = @Kind and deleted_at is not null
        order by deleted_at desc, id desc
        limit 1
        """;

    private const string SelectIsOfOthers = """
        select exists (
            select from script_versions
            where client_id = @ClientId and script_id = @Id and (created_by_kind <> @ActorKind or created_by is distinct from @ActorId::uuid))
        """;

    private const string SelectVersion = """
        select id
        from script_versions
        where client_id = @ClientId and script_id = @Id and number = @Number
        """;

    private const string SelectIsSame = """
        select exists (
            select from script_versions
            where client_id = @ClientId and script_id = @Id and number = @ActiveVersion
                and body is not distinct from nullif(normalize(@Text), '') and file_reference is not distinct from nullif(@FileReference, ''))
        """;

    private const string SelectLiesAt = """
        select exists (
            select from script_versions
            where client_id = @ClientId and script_id = @Id and number = @ActiveVersion and file_reference = @FileReference)
        """;

    private const string InsertVersion = """
        insert into script_versions (client_id, id, script_id, number, author, change_notes, body, file_reference, source, created_at, created_by_kind, created_by, updated_at)
        values (
            @ClientId, @VersionId, @Id, @Number, normalize(@Author), normalize(@ChangeNotes), nullif(normalize(@Text), ''), nullif(@FileReference, ''), @Source,
            @Now, @ActorKind, @ActorId, @Now)
        """;

    private const string InsertCopy = """
        insert into script_versions (client_id, id, script_id, number, author, change_notes, body, file_reference, source, created_at, created_by_kind, created_by, updated_at)
        select client_id, @VersionId, script_id, @Number, author, @ChangeNotes, body, file_reference, source, @Now, @ActorKind, @ActorId, @Now
        from script_versions
        where client_id = @ClientId and script_id = @Id and number = @Of
        """;

    private const string Update = """
        update scripts
        set active_version = @ActiveVersion, last_version = @LastVersion, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    public Task<HeldEpisode?> HoldEpisode(Guid id, CancellationToken cancellationToken) => db.Find<HeldEpisode>(SelectEpisodeForShare, new { db.ClientId, Id = id }, cancellationToken);

    public async Task<Script?> FindForUpdate(ScriptOf script, CancellationToken cancellationToken)
    {
        if (await db.Find<Row>(SelectForUpdate, new { db.ClientId, script.EpisodeId, Kind = Names.Of(script.Kind) }, cancellationToken) is not { } row) return null;
        var (versions, last) = await db.Single<Counted>(Count, new { db.ClientId, row.Id }, cancellationToken);
        return new Script(row.Id, row.ActiveVersion, Math.Max(row.LastVersion, last), versions, row.Version);
    }

    public async Task<Script> MakeForUpdate(ScriptOf script, CancellationToken cancellationToken)
    {
        while (true) // one that another has made meanwhile may be in the trash again before it is found
        {
            if (await FindForUpdate(script, cancellationToken) is { } found) return found;

            await db.Execute(
                Insert,
                new { db.ClientId, Id = Guid.CreateVersion7(), script.EpisodeId, Kind = Names.Of(script.Kind), Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId },
                cancellationToken);
        }
    }

    public Task<TrashedScript?> FindTrashed(ScriptOf script, CancellationToken cancellationToken) =>
        db.Find<TrashedScript>(SelectTrashed, new { db.ClientId, script.EpisodeId, Kind = Names.Of(script.Kind) }, cancellationToken);

    public Task<bool> HasVersionsOfOthers(Guid script, CancellationToken cancellationToken) =>
        db.Single<bool>(SelectIsOfOthers, new { db.ClientId, Id = script, ActorKind = db.Caller.KindName, db.Caller.ActorId }, cancellationToken);

    public Task<Guid?> FindVersion(Script script, int number, CancellationToken cancellationToken) =>
        db.Find<Guid?>(SelectVersion, new { db.ClientId, script.Id, Number = number }, cancellationToken);

    public Task<bool> ActiveHas(Script script, IScriptTexts texts, CancellationToken cancellationToken) =>
        db.Single<bool>(SelectIsSame, new { db.ClientId, script.Id, script.ActiveVersion, texts.Text, texts.FileReference }, cancellationToken);

    public Task<bool> ActiveLiesAt(Script script, string fileReference, CancellationToken cancellationToken) =>
        db.Single<bool>(SelectLiesAt, new { db.ClientId, script.Id, script.ActiveVersion, FileReference = fileReference }, cancellationToken);

    public Task Add(Script script, IScriptTexts texts, CancellationToken cancellationToken) => db.Execute(
        InsertVersion,
        new
        {
            db.ClientId, VersionId = Guid.CreateVersion7(), script.Id, Number = script.LastVersion, texts.Author, texts.ChangeNotes, texts.Text, texts.FileReference, Source = Names.Of(texts.Source),
            Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId,
        },
        cancellationToken);

    public Task AddCopy(Script script, int of, string changeNotes, CancellationToken cancellationToken) => db.Execute(
        InsertCopy,
        new
        {
            db.ClientId, VersionId = Guid.CreateVersion7(), script.Id, Number = script.LastVersion, Of = of, ChangeNotes = changeNotes, Now = time.GetUtcNow(), ActorKind = db.Caller.KindName,
            db.Caller.ActorId,
        },
        cancellationToken);

    public Task Save(Script script, CancellationToken cancellationToken) =>
        db.Execute(Update, new { db.ClientId, script.Id, script.ActiveVersion, script.LastVersion, Now = time.GetUtcNow() }, cancellationToken);

    private sealed record Row(Guid Id, int? ActiveVersion, int LastVersion, int Version);

    private sealed record Counted(int Versions, int Last);
}
