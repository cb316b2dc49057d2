using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Episodes;

internal sealed class ScriptQueries(DbSession db) : IQueryHandler<GetScript, ScriptDetails>, IQueryHandler<ListScriptVersions, ScriptVersionSummary[]>,
    IQueryHandler<GetScriptVersion, ScriptVersionDetails>, IQueryHandler<DiffScript, ScriptDiff>, IQueryHandler<SearchScripts, FoundScript[]>
{
    // One that is there before those in the trash, and of those the last.
    private const string SelectScript = """
        select e.deleted_at as episode_deleted_at, s.id, s.active_version, s.deleted_at
        from episodes e
        left join scripts s on s.client_id = e.client_id and s.episode_id = e.id and s.kind = @Kind
        where e.client_id = @ClientId and e.id = @EpisodeId
        order by s.deleted_at desc nulls first
        limit 1
        """;

    private const string SelectActive = """
        select s.id, s.episode_id, s.kind, v.number,
            (select count(*)::int from script_versions of_it where of_it.client_id = s.client_id and of_it.script_id = s.id and of_it.deleted_at is null) as versions,
            v.body as text, v.file_reference, v.author, v.change_notes, v.approval_status, v.source, v.created_at, v.created_by, s.updated_at, s.version, s.deleted_at, s.deleted_by, s.deleted_reason, s.restored_at, s.restored_by
        from scripts s
        join script_versions v on v.client_id = s.client_id and v.script_id = s.id and v.number = s.active_version
        where s.client_id = @ClientId and s.id = @Id
        """;

    private const string SelectVersions = """
        select v.id, v.number, v.number = s.active_version as is_active, coalesce(length(v.body), 0) as text_length, v.file_reference, v.author, v.change_notes, v.approval_status, v.source,
            v.created_at, v.created_by, v.updated_at, v.version, v.approved_at, v.original_approver, v.deleted_at, v.deleted_by, v.deleted_reason, v.restored_at, v.restored_by
        from scripts s
        join script_versions v on v.client_id = s.client_id and v.script_id = s.id
        where s.client_id = @ClientId and s.id = @Id and (@IncludeDeleted or v.deleted_at is null)
        order by v.number desc
        """;

    private const string SelectVersion = """
        select v.id, v.number, v.number = s.active_version as is_active, v.body as text, v.file_reference, v.author, v.change_notes, v.approval_status, v.source,
            v.created_at, v.created_by, v.updated_at, v.version, v.approved_at, v.original_approver, v.deleted_at, v.deleted_by, v.deleted_reason, v.restored_at, v.restored_by
        from scripts s
        join script_versions v on v.client_id = s.client_id and v.script_id = s.id
        where s.client_id = @ClientId and s.id = @Id and v.number = @Number
        """;

    private const string SelectTexts = """
        select number, coalesce(body, '') as text
        from script_versions
        where client_id = @ClientId and script_id = @Id and number = any(@Numbers) and deleted_at is null
        """;

    internal static readonly Searched Searched = new("script", SearchPlace.Scripts, "episodes", "script_versions", "e.title", "r.body")
    {
        Joined = """
            join scripts s on s.client_id = r.client_id and s.id = r.script_id
            join episodes e on e.client_id = s.client_id and e.id = s.episode_id
            """,
        Visible = "e.deleted_at is null and s.deleted_at is null and r.deleted_at is null and (@AllVersions or r.number = s.active_version)",
        Tags = "'{}'::text[]",
        Url = "'/episodes/' || s.episode_id || case s.kind when 'trailer' then '/trailer' else '' end || '/script/versions/' || r.number",
        EpisodeId = "s.episode_id",
        Version = "r.number",
        Most = 200,
    };

    private const string Joined = """
        join scripts s on s.client_id = @ClientId and s.id = v.script_id
            join episodes e on e.client_id = @ClientId and e.id = s.episode_id
        """;

    private const string Visible = "(@AllVersions or v.number = s.active_version) and e.deleted_at is null and s.deleted_at is null";

    // Of a word that stands in every script, the newest versions are ranked, as by GET /search, and others where those are few: a rank reads all places of a word, and the index all scripts with it.
    // Only of what is answered are there highlights, and only from the beginning of long texts: they read the text word by word.
    // Words are compared before anything is joined: a join that PostgreSQL plans badly, as it may before it has statistics, would read each text once for each script.
    internal const string Search = $"""
        with asked as materialized (
            select search_query(normalize(@Q)) as query
        ), newest as materialized (
            select id, script_id, number
            from (select id, script_id, number, deleted_at, search from script_versions where client_id = @ClientId order by id desc limit 400) newest
            where search @@ (select query from asked) and deleted_at is null
        ), near as materialized (
            select v.id
            from newest v
            {Joined}
            where {Visible}
        ), indexed as materialized ( -- as far as it is read
            select id, script_id, number
            from script_versions
            where client_id = @ClientId and search @@ (select query from asked) and deleted_at is null and (select count(*) from near) < 100
        ), matching as materialized (
            select id
            from near
            union
            (
                select v.id
                from indexed v
                {Joined}
                where {Visible}
                limit 200
            )
        ), found as materialized (
            select v.id, s.episode_id, e.title as episode_title, e.season, e.episode_number, s.kind, v.number, v.number = s.active_version as is_active, v.author, v.approval_status,
                v.created_at, ts_rank(v.search, (select query from asked)) as rank
            from matching
            join script_versions v on v.client_id = @ClientId and v.id = matching.id
            {Joined}
            order by rank desc, v.created_at desc, v.id desc
            limit @Limit
        )
        select f.episode_id, f.episode_title, f.season, f.episode_number, f.kind, f.number, f.is_active, f.author, f.approval_status, f.created_at,
            ts_headline(
                'names', html_escaped(left(v.body, 200000)), (select query from asked),
                'StartSel=<mark>, StopSel=</mark>, MaxFragments=3, MaxWords=25, MinWords=8, ShortWord=0, FragmentDelimiter=" … "') as highlights
        from found f
        join script_versions v on v.client_id = @ClientId and v.id = f.id
        order by f.rank desc, f.created_at desc, f.id desc
        """;

    public async Task<Result<ScriptDetails>> Handle(GetScript query, CancellationToken cancellationToken)
    {
        var found = await Find(query.Script, query.IncludeDeleted, cancellationToken);
        if (!found.Succeeded) return found.As<ScriptDetails>();
        return await db.Find<ScriptDetails>(SelectActive, new { db.ClientId, found.Value.Id }, cancellationToken) is { } script ? script : new ScriptNotFound(query.Script); // purged since
    }

    public async Task<Result<ScriptVersionSummary[]>> Handle(ListScriptVersions query, CancellationToken cancellationToken)
    {
        var found = await Find(query.Script, query.IncludeDeleted, cancellationToken);
        if (!found.Succeeded) return found.As<ScriptVersionSummary[]>();
        return (await db.List<ScriptVersionSummary>(SelectVersions, new { db.ClientId, found.Value.Id, IncludeDeleted = query.IncludeDeleted && db.Caller.Role >= Role.Admin }, cancellationToken)).ToArray();
    }

    public async Task<Result<ScriptVersionDetails>> Handle(GetScriptVersion query, CancellationToken cancellationToken)
    {
        var found = await Find(query.Script, query.IncludeDeleted, cancellationToken);
        if (!found.Succeeded) return found.As<ScriptVersionDetails>();
        var version = await db.Find<ScriptVersionDetails>(SelectVersion, new { db.ClientId, found.Value.Id, query.Number }, cancellationToken);
        if (version is null || (version.DeletedAt is not null && db.Caller.Role < Role.Admin)) return new ScriptVersionNotFound(query.Number);
        return RecordState.Hidden(EpisodeKinds.ScriptVersion, version.Id, version.DeletedAt, db.Caller.Role, query.IncludeDeleted) is { } hidden ? hidden : version;
    }

    public async Task<Result<ScriptDiff>> Handle(DiffScript query, CancellationToken cancellationToken)
    {
        var found = await Find(query.Script, includeDeleted: false, cancellationToken);
        if (!found.Succeeded) return found.As<ScriptDiff>();

        var to = query.To ?? found.Value.ActiveVersion;
        var from = query.From ?? to - 1;
        var texts = (await db.List<VersionText>(SelectTexts, new { db.ClientId, found.Value.Id, Numbers = new[] { from, to } }, cancellationToken)).ToDictionary(version => version.Number, version => version.Text);
        Error[] missing = [.. new[] { (Number: from, Field: "from"), (Number: to, Field: "to") }.Where(asked => !texts.ContainsKey(asked.Number)).Select(asked => new ScriptVersionUnknown(asked.Number, asked.Field))];
        if (missing.Length > 0) return missing;

        return TextDiff.Of(texts[from], texts[to], Names.Parse<DiffBy>(query.By)!.Value, DiffScript.Most) is { } chunks
            ? new ScriptDiff(from, to, query.By, chunks)
            : new DiffTooLarge(DiffScript.Most, query.By);
    }

    public async Task<Result<FoundScript[]>> Handle(SearchScripts query, CancellationToken cancellationToken) =>
        (await db.List<FoundScript>(Search, new { db.ClientId, query.Q, query.AllVersions, query.Limit }, cancellationToken)).ToArray();

    /// <summary>A script that has versions.</summary>
    private async Task<Result<Found>> Find(ScriptOf script, bool includeDeleted, CancellationToken cancellationToken)
    {
        var row = await db.Find<Row>(SelectScript, new { db.ClientId, script.EpisodeId, Kind = Names.Of(script.Kind) }, cancellationToken);
        if (row is null) return new RecordNotFound(EpisodeKinds.Episode, script.EpisodeId);
        if (RecordState.Hidden(EpisodeKinds.Episode, script.EpisodeId, row.EpisodeDeletedAt, db.Caller.Role) is { } hidden) return hidden;
        if (row.Id is not { } id || row.ActiveVersion is not { } active || (row.DeletedAt is not null && db.Caller.Role < Role.Admin)) return new ScriptNotFound(script);
        return RecordState.Hidden(EpisodeKinds.Script, id, row.DeletedAt, db.Caller.Role, includeDeleted) is { } inTrash ? inTrash : new Found(id, active);
    }

    private sealed record Row(DateTimeOffset? EpisodeDeletedAt, Guid? Id, int? ActiveVersion, DateTimeOffset? DeletedAt);

    private sealed record Found(Guid Id, int ActiveVersion);

    private sealed record VersionText(int Number, string Text);
}
