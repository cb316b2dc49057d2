using System.Text.Json;
using Dapper;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Schema;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Schema;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Schema;

/// <summary>
/// Each kind is counted by one statement that reads its rows once, and held to the limit of any other. It asks of a row only whether something
/// is there, so that no long value is read.
/// </summary>
internal sealed class CompletenessQueries(IEnumerable<Completeness> kinds, DbSession db) : IQueryHandler<GetCompleteness, EntityCompleteness[]>, IQueryHandler<ListIncomplete, Page<IncompleteRecord>>
{
    /// <summary>By what those of any kind are listed, for the document.</summary>
    internal static readonly ListDefinition<IncompleteRecord> Everything = new(
        "r.id, r.title as label, r.created_at, r.updated_at, r.tags as missing",
        "episodes r",
        [
            new("id", "r.id", FieldType.Uuid),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
            new("updated_at", "r.updated_at", FieldType.Instant),
            new("show_id", "r.show_id", FieldType.Uuid),
            new("status", "r.status", FieldType.Code),
        ],
        row => row.Id);

    public async Task<Result<EntityCompleteness[]>> Handle(GetCompleteness query, CancellationToken cancellationToken)
    {
        if (query.Entity is { } named)
        {
            if (Find(named) is not { } asked) return NotFound(named);
            if (!MayRead(asked)) return new RoleTooLow(Role.Viewer);
        }

        Condition[] conditions = [.. Given("show_id", query.ShowId), .. Given("status", query.Status)];
        var counted = new List<EntityCompleteness>();
        var refused = new List<Error>();
        var required = await RequiredFields(cancellationToken);
        foreach (var kind in kinds.Where(kind => kind.Entity == (query.Entity ?? kind.Entity) && MayRead(kind)))
        {
            var errors = new List<Error>();
            var compilation = new Compilation(new DynamicParameters(), errors);
            var filters = FilterCompiler.Compile(kind.List, ListRequest.Everything with { Conditions = conditions }, compilation).ToList();
            if (errors.Count == 0) counted.Add(await Count(kind, filters, [.. required[kind.Entity]], compilation, cancellationToken));
            refused.AddRange(errors);
        }

        return counted.Count == 0 && refused.Count > 0 ? refused.DistinctBy(error => (error.Code, error.Message)).ToArray() : counted.ToArray();
    }

    public async Task<Result<Page<IncompleteRecord>>> Handle(ListIncomplete query, CancellationToken cancellationToken)
    {
        if (Find(query.Entity) is not { } kind) return NotFound(query.Entity);
        if (!MayRead(kind)) return new RoleTooLow(Role.Viewer);

        string[] known = [.. kind.Parts.Select(part => part.Field), .. (await RequiredFields(cancellationToken))[kind.Entity].Select(name => $"custom_fields.{name}")];
        Error[] unknown = [.. query.Missing.Where(name => !known.Contains(name)).Select(name => ListErrors.NothingToMiss(name, NearestName.Hint(name, known)))];
        if (unknown.Length > 0) return unknown;

        Condition[] lacks = [.. query.Missing.Select(name => name.StartsWith("custom_fields.", StringComparison.Ordinal) ? new Condition(name, Operator.Null, ["true"]) : Lacks(name))];
        Filter any = new Filter.Or([.. kind.Parts.Select(part => Lacks(part.Field)), .. kind.HasCustomFields ? new[] { Lacks("custom_fields") } : []]);
        return await db.Page(kind.List, query.Request with { Conditions = [.. query.Request.Conditions, .. lacks], Where = lacks.Length > 0 ? null : any }, cancellationToken);
    }

    private async Task<EntityCompleteness> Count(Completeness kind, IReadOnlyList<string> filters, string[] required, Compilation compilation, CancellationToken cancellationToken)
    {
        Part[] parts = [.. kind.Parts, .. required.Select(name => new Part($"custom_fields.{name}", $"coalesce(r.custom_fields -> {compilation.Parameter(name)}, 'null') <> 'null'"))];
        compilation.Add("clientId", db.ClientId);
        string[] names = [.. parts.Select((_, at) => $"p{at}")];
        var sql = $"""
            select count(*)::int as total, count(*) filter (where {string.Join(" and ", names)})::int as complete,
                to_jsonb(array[{string.Join(", ", names.Select(name => $"count(*) filter (where {name})"))}]) as present
            from (
                select {string.Join(", ", parts.Zip(names, (part, name) => $"({part.IsThere}) as {name}"))}
                from {kind.From}
                where {string.Join("\n    and ", ["r.client_id = @clientId", kind.Visible, .. filters])}
                offset 0 -- each is asked of a row once, however often it is counted
            ) whole
            """;
        var (total, complete, present) = await db.Single<Row>(sql, compilation.Parameters, cancellationToken);
        return new EntityCompleteness(
            kind.Entity, total, complete, Percent(complete, total),
            [.. parts.Zip(present.EnumerateArray().Select(count => count.GetInt32()), (part, count) => new FieldCompleteness(part.Field, count, total - count, Percent(count, total)))]);
    }

    private async Task<ILookup<string, string>> RequiredFields(CancellationToken cancellationToken) =>
        (await ClientSchemas.Select(db, cancellationToken)).Fields.Where(field => field is { Required: true, Deprecated: false }).ToLookup(field => field.Entity, field => field.Name, StringComparer.Ordinal);

    private bool MayRead(Completeness kind) => db.Caller.Rights.In(kind.Of ?? kind.Entity) is not null;

    private Completeness? Find(string entity) => kinds.FirstOrDefault(kind => kind.Entity == entity);

    private NoCompletenessOf NotFound(string entity) => new(entity, [.. kinds.Select(kind => kind.Entity)]);

    private static Condition Lacks(string part) => new(Completeness.FieldOf(part), Operator.Eq, ["false"]);

    private static Condition[] Given(string field, string? value) => value is null ? [] : [new Condition(field, Operator.Eq, [value])];

    private static double? Percent(int part, int whole) => whole == 0 ? null : Math.Round(100.0 * part / whole, 1);

    private sealed record Row(int Total, int Complete, JsonElement Present);
}
