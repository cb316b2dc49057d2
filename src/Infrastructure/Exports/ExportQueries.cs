using MediaPlatform.Application.Exports;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Exports;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Exports;

internal sealed class ExportQueries(DbSession db, IExportedLists lists)
    : IQueryHandler<ListExports, Page<ExportDetails>>, IQueryHandler<GetExport, ExportDetails>, IQueryHandler<PrepareExport, PreparedExport>
{
    private const string Columns = """
        r.id, r.resource, r.format, r.status, r.progress, r.rows, r.size_bytes, r.error_code, r.error_message, r.expires_at,
        r.fields, r.created_at, r.created_by_kind, r.created_by, r.finished_at, r.updated_at, r.version, r.storage_provider, r.storage_key
        """;

    internal static readonly ListDefinition<ExportDetails> List = new(
        Columns,
        "exports r",
        [
            new("id", "r.id", FieldType.Uuid),
            new("resource", "r.resource", FieldType.Code),
            Fields.Enum<ExportDetails, ExportFormat>("format", "r.format"),
            Fields.Enum<ExportDetails, ExportStatus>("status", "r.status"),
            new("error_code", "r.error_code", FieldType.Code, Nullable: true),
            new("created_by", "r.created_by", FieldType.Uuid, Nullable: true),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
            new("expires_at", "r.expires_at", FieldType.Instant, Nullable: true),
        ],
        row => row.Id);

    public Task<Result<Page<ExportDetails>>> Handle(ListExports query, CancellationToken cancellationToken)
    {
        // What others have exported, an admin sees, as far as the lists themselves are the admin's to read.
        Filter own = new Condition("created_by", Operator.Eq, [db.Caller.ActorId.ToString()!]);
        if (SeesOthers) own = new Filter.Or([own, new Condition("resource", Operator.In, [.. lists.Names.Where(MayRead)])]);
        return db.Page(List, query.Request with { Where = query.Request.Where is { } where ? new Filter.And([own, where]) : own }, cancellationToken);
    }

    public async Task<Result<ExportDetails>> Handle(GetExport query, CancellationToken cancellationToken)
    {
        var export = await db.Find<ExportDetails>(List.SelectOne, new { db.ClientId, Id = query.Id.Value }, cancellationToken);
        return export is not null && (export.CreatedBy == db.Caller.ActorId || (SeesOthers && MayRead(export.Resource))) ? export : new ExportNotFound(query.Id);
    }

    public async Task<Result<PreparedExport>> Handle(PrepareExport query, CancellationToken cancellationToken)
    {
        var role = db.Caller.Role;
        if (lists.Find(query.List) is not { } list) return new ExportResourceUnknown(query.List, "");
        if (role < list.Needs) return new RoleTooLow(list.Needs);
        if (await list.Check(query.Request, query.Fields, role, cancellationToken) is { Count: > 0 } errors) return errors.ToArray();
        return await list.Count(query.Request, ExportRules.MostRowsAtOnce, cancellationToken) is <= ExportRules.MostRowsAtOnce
            ? new PreparedExport(list)
            : new ExportTooLarge();
    }

    private bool SeesOthers => db.Caller.Role >= Role.Admin;

    private bool MayRead(string list) => lists.Find(list) is { } found && db.Caller.Rights.In(list) >= found.Needs;
}
