using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Publication;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Publication;

internal sealed class ImportQueries(DbSession db, ISetImports imports)
    : IQueryHandler<ListImports, Page<ImportDetails>>, IQueryHandler<GetImport, ImportDetails>, IQueryHandler<GetImportPayload, ImportPayload>, IQueryHandler<ListImportRows, ImportRowDetails[]>
{
    private const string Columns = """
        r.id, r.format,
        case when done.pending > 0 then 'applying' else 'applied' end as status, r.rows, done.created, done.matched, done.failed, r.redacted_at,
        r.created_at, r.created_by, r.updated_at, r.version
        """;

    private const string From = """
        imports r
        cross join lateral (
            select count(*) filter (where outcome = 'pending')::int as pending, count(*) filter (where outcome = 'created')::int as created,
                count(*) filter (where outcome = 'matched')::int as matched, count(*) filter (where outcome = 'failed')::int as failed
            from import_rows one
            where one.client_id = r.client_id and one.import_id = r.id) done
        """;

    private const string SelectRows = """
        select row, outcome, set_id, errors
        from import_rows
        where client_id = @ClientId and import_id = @Id and row > @After and (@Outcome::text is null or outcome = @Outcome)
        order by row
        limit @Limit
        """;

    internal static readonly ListDefinition<ImportDetails> List = new(
        Columns,
        From,
        [
            new("id", "r.id", FieldType.Uuid),
            Fields.Enum<ImportDetails, ImportFormat>("format", "r.format"),
            new("rows", "r.rows", FieldType.Integer),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
            new("created_by", "r.created_by", FieldType.Uuid, Nullable: true),
            new("updated_at", "r.updated_at", FieldType.Instant),
            new("version", "r.version", FieldType.Integer),
            new("redacted_at", "r.redacted_at", FieldType.Instant, Nullable: true),
        ],
        row => row.Id);

    public Task<Result<Page<ImportDetails>>> Handle(ListImports query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public Task<Result<ImportDetails>> Handle(GetImport query, CancellationToken cancellationToken) => db.One(List, query.Id, new ImportNotFound(query.Id), cancellationToken);

    public async Task<Result<ImportPayload>> Handle(GetImportPayload query, CancellationToken cancellationToken) =>
        await imports.FindPayload(query.Id, cancellationToken) is { } payload ? payload : new ImportNotFound(query.Id);

    public async Task<Result<ImportRowDetails[]>> Handle(ListImportRows query, CancellationToken cancellationToken)
    {
        var import = await Handle(new GetImport(query.Id), cancellationToken);
        if (!import.Succeeded) return import.As<ImportRowDetails[]>();
        return (await db.List<ImportRowDetails>(SelectRows, new { db.ClientId, query.Id, query.After, query.Outcome, query.Limit }, cancellationToken)).ToArray();
    }
}
