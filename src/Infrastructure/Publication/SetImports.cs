using System.Security.Cryptography;
using System.Text.Json;
using MediaPlatform.Application.Publication;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;
using MediaPlatform.Infrastructure.Schema;

namespace MediaPlatform.Infrastructure.Publication;

internal sealed class SetImports(DbSession db, ClientSchemas schemas, TimeProvider time) : ISetImports
{
    private const int NamesAtATime = 2_000; // by one statement, which has a limit of time: some hundred rows may name fifty times as many

    private const string TakeTurn = "select pg_advisory_xact_lock(hashtextextended('mediaplatform.set_imports.' || @ClientId::uuid, 0))";

    private const string Insert = """
        insert into imports (client_id, id, format, payload, payload_sha256, rows, created_at, created_by_kind, created_by, updated_at)
        values (@ClientId, @Id, @Format, @Payload, @Hash, @Rows, @Now, @ActorKind, @ActorId, @Now)
        on conflict on constraint imports_once do nothing
        returning id
        """;

    private const string InsertRows = """
        insert into import_rows (client_id, import_id, row)
        select @ClientId, @Id, generate_series(1, @Rows)
        """;

    private const string SelectSame = """
        select id
        from imports
        where client_id = @ClientId and payload_sha256 = @Hash
        for update
        """;

    private const string Reopen = """
        with reopened as (
            update import_rows
            set outcome = 'pending', errors = '[]'
            where client_id = @ClientId and import_id = @Id and outcome = 'failed'
            returning 1
        )
        update imports
        set retried_at = @Now, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id and exists (select from reopened)
        """;

    private const string SelectPayload = """
        select format, payload, rows
        from imports
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectRowsOf = """
        select import_id as import, row
        from import_rows
        where client_id = @ClientId and set_id = @SetId
        order by import_id
        """;

    private const string SelectSameNames = """
        select given
        from unnest(@Names::text[]) given
        where normal_name(given) = normal_name(@Name)
        """;

    private const string UpdatePayload = """
        update imports
        set payload = @Payload, redacted_at = @At, updated_at = @At, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectPending = """
        select row
        from import_rows
        where client_id = @ClientId and import_id = @Id and outcome = 'pending'
        order by row
        limit @Limit
        """;

    private const string SelectCountPending = """
        select count(*)::int
        from import_rows
        where client_id = @ClientId and import_id = @Id and outcome = 'pending'
        """;

    // Channels are looked up first, by the index that holds their names, and then the sets of each by theirs.
    private const string SelectMatches = """
        with given as materialized (
            select number, channel, channel_id, normal_name(title) as title_norm, published_at
            from unnest(@Numbers::int[], @Channels::text[], @ChannelIds::uuid[], @Titles::text[], @Dates::timestamptz[]) given (number, channel, channel_id, title, published_at)
        ), named as materialized (
            select distinct channel, channel_id
            from given
        ), known as materialized (
            select named.channel, named.channel_id, case when c.fits then c.id end as id, not c.fits as is_other
            from named
            cross join lateral (
                select id, true as fits
                from channels
                where client_id = @ClientId and deleted_at is null and named.channel_id is null and normal_name(name) = normal_name(named.channel)
                union all
                select id, named.channel is null or normal_name(name) = normal_name(named.channel)
                from channels
                where client_id = @ClientId and deleted_at is null and id = named.channel_id
            ) c
        )
        select given.number, known.id as channel_id, coalesce(known.is_other, false) as is_other, found.id as set_id, concat(known.id, ' ', extract(epoch from given.published_at), ' ', given.title_norm) as key
        from given
        left join known on known.channel is not distinct from given.channel and known.channel_id is not distinct from given.channel_id
        left join lateral (
            select s.id
            from sets s
            where s.client_id = @ClientId and s.channel_id = known.id and s.title_norm = given.title_norm and s.published_at = given.published_at and s.deleted_at is null
            order by s.id
            limit 1
        ) found on true
        """;

    private const string SelectCandidates = """
        select given.name, array_agg(distinct names.person_id) as people
        from unnest(@Names::text[]) given (name)
        cross join lateral (
            select person_id
            from person_names
            where client_id = @ClientId and norm = left(normal_name(given.name), 200)
            limit 10
        ) names
        group by given.name
        """;

    private const string InsertCredits = """
        insert into set_credits (client_id, id, set_id, position, role, raw_name, created_at, created_by_kind, created_by, updated_at)
        select @ClientId, id, set_id, position, role, raw_name, @Now, @ActorKind, @ActorId, @Now
        from unnest(@Ids::uuid[], @SetIds::uuid[], @Positions::int[], @Roles::text[], @RawNames::text[]) as given (id, set_id, position, role, raw_name)
        """;

    private const string UpdateRows = """
        update import_rows r
        set outcome = given.outcome, set_id = given.set_id, errors = given.errors::jsonb
        from unnest(@Numbers::int[], @Outcomes::text[], @SetIds::uuid[], @Errors::text[]) as given (row, outcome, set_id, errors)
        where r.client_id = @ClientId and r.import_id = @Id and r.row = given.row
        """;

    public async Task<Guid> Add(ImportFormat format, ReadOnlyMemory<byte> payload, int rows, CancellationToken cancellationToken)
    {
        var bytes = payload.ToArray();
        var hash = SHA256.HashData(bytes);
        var import = new { db.ClientId, Id = Guid.CreateVersion7(), Format = Names.Of(format), Payload = bytes, Hash = hash, Rows = rows, Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId };
        if (await db.Find<Guid?>(Insert, import, cancellationToken) is { } added)
        {
            await db.Execute(InsertRows, new { db.ClientId, Id = added, Rows = rows }, cancellationToken);
            return added;
        }

        var same = await db.Single<Guid>(SelectSame, new { db.ClientId, Hash = hash }, cancellationToken);
        await db.Execute(Reopen, new { db.ClientId, Id = same, Now = time.GetUtcNow() }, cancellationToken);
        return same;
    }

    public Task Lock(CancellationToken cancellationToken) => db.Execute(TakeTurn, new { db.ClientId }, cancellationToken);

    public async Task<IReadOnlyList<IReadOnlyList<Error>>> FindRefused(IReadOnlyList<JsonElement?> customFields, CancellationToken cancellationToken)
    {
        var schema = await schemas.Read(db, cancellationToken);
        var errors = await schema.FindRefused(SetRecords.Table.Entity, [Shared.Object(given: null), .. customFields.OfType<JsonElement>()], db, cancellationToken);
        var next = 1;
        return [.. customFields.Select(given => given is null ? errors[0] : errors[next++])];
    }

    public async Task<ImportPayload?> FindPayload(Guid id, CancellationToken cancellationToken) => await db.Find<Stored>(SelectPayload, new { db.ClientId, Id = id }, cancellationToken) is { } stored
        ? new ImportPayload(Names.Require<ImportFormat>(stored.Format), stored.Payload, stored.Rows)
        : null;

    public async Task<IReadOnlyList<(Guid Import, IReadOnlySet<int> Rows)>> FindRowsOf(Guid setId, CancellationToken cancellationToken) =>
        [.. (await db.List<RowOf>(SelectRowsOf, new { db.ClientId, SetId = setId }, cancellationToken)).GroupBy(of => of.Import, (import, rows) => (import, (IReadOnlySet<int>)rows.Select(of => of.Row).ToHashSet()))];

    public async Task<IReadOnlySet<string>> FindSame(IReadOnlyCollection<string> names, string name, CancellationToken cancellationToken) =>
        (await db.List<string>(SelectSameNames, new { Names = names.ToArray(), Name = name }, cancellationToken)).ToHashSet(StringComparer.Ordinal);

    public async Task<RedactedImport> WriteReceipt(Guid id, int names, string? reason, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var receipt = Guid.CreateVersion7();
        var taken = new Dictionary<string, long>(StringComparer.Ordinal) { ["names"] = names };
        await db.WriteReceipt(receipt, "import", id, reason, taken, at, cancellationToken);
        return new RedactedImport(id, receipt, at, taken, []);
    }

    public Task Redact(Guid id, byte[] payload, DateTimeOffset at, CancellationToken cancellationToken) => db.Execute(UpdatePayload, new { db.ClientId, Id = id, Payload = payload, At = at }, cancellationToken);

    public Task<IReadOnlyList<int>> FindPending(Guid id, int limit, CancellationToken cancellationToken) => db.List<int>(SelectPending, new { db.ClientId, Id = id, Limit = limit }, cancellationToken);

    public Task<int> CountPending(Guid id, CancellationToken cancellationToken) => db.Single<int>(SelectCountPending, new { db.ClientId, Id = id }, cancellationToken);

    public async Task<IReadOnlyDictionary<int, Match>> Match(IReadOnlyList<SetRow> rows, CancellationToken cancellationToken)
    {
        var given = new
        {
            db.ClientId, Numbers = rows.Select(row => row.Number).ToArray(), Channels = rows.Select(row => row.Channel).ToArray(), ChannelIds = rows.Select(row => row.ChannelId).ToArray(),
            Titles = rows.Select(row => row.Title).ToArray(), Dates = rows.Select(row => row.PublishedAt).ToArray(),
        };
        return (await db.List<Match>(SelectMatches, given, cancellationToken)).ToDictionary(match => match.Number);
    }

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<Guid>>> FindStrongCandidates(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, IReadOnlyList<Guid>>(StringComparer.Ordinal);
        foreach (var some in names.Chunk(NamesAtATime))
        {
            foreach (var known in await db.List<Known>(SelectCandidates, new { db.ClientId, Names = some }, cancellationToken)) found[known.Name] = known.People;
        }

        return found;
    }

    public async Task AddCredits(IReadOnlyList<(Guid SetId, IReadOnlyList<RowCredit> Credits)> sets, CancellationToken cancellationToken)
    {
        foreach (var some in sets.SelectMany(set => set.Credits.Select((credit, position) => (set.SetId, position, credit))).Chunk(NamesAtATime))
        {
            var written = new
            {
                db.ClientId, Ids = some.Select(_ => Guid.CreateVersion7()).ToArray(), SetIds = some.Select(one => one.SetId).ToArray(), Positions = some.Select(one => one.position).ToArray(),
                Roles = some.Select(one => Names.Of(one.credit.Role)).ToArray(), RawNames = some.Select(one => one.credit.RawName).ToArray(), Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId,
            };
            await db.Execute(InsertCredits, written, cancellationToken);
        }
    }

    public Task Save(Guid id, IReadOnlyList<RowOutcome> outcomes, CancellationToken cancellationToken) => db.Execute(
        UpdateRows,
        new
        {
            db.ClientId, Id = id, Numbers = outcomes.Select(one => one.Number).ToArray(), Outcomes = outcomes.Select(one => one.Outcome).ToArray(), SetIds = outcomes.Select(one => one.SetId).ToArray(),
            Errors = outcomes.Select(one => JsonSerializer.Serialize(one.Errors, RecordJson.Options)).ToArray(),
        },
        cancellationToken);

    private sealed record Stored(string Format, byte[] Payload, int Rows);

    private sealed record RowOf(Guid Import, int Row);

    private sealed record Known(string Name, Guid[] People);
}
