using System.Text.Json;
using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Exports;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Exports;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Exports;

internal static class ExportEndpoints
{
    private static readonly string[] ExampleFields = ["id", "title", "tags"];

    public static void MapExports(this RouteGroupBuilder api)
    {
        var exports = api.MapGroup("/exports").Needs(Role.Viewer);
        exports.MapList(
            new("Export", "exports", ListFields.Exports, "The caller's own; of an admin, all of the client."), request => new ListExports(request),
            static (export, services) => ExportBody.From(export, services.GetRequiredService<IMediaLinks>()));
        exports.MapPost("/", Create).Needs(Role.Editor).Returns<ExportBody>(202)
            .Problems(400, [.. ListQueryParser.Malformed, .. ListFields.Malformed]).Problems(403, "ROLE_TOO_LOW").Problems(422, "EXPORT_RESOURCE_UNKNOWN", "VALIDATION_ERROR")
            .Example(new { Resource = "media", Format = "csv", Where = new { Field = "tags", Op = "any", Value = ExampleFields[2..] }, Fields = ExampleFields });
        exports.MapGet("/{id:guid}", Get).Returns<ExportBody>(versioned: true).Problems(404, "EXPORT_NOT_FOUND");
        exports.MapDelete("/{id:guid}", Delete).Needs(Role.Editor).Returns<DeletedExport>().Problems(404, "EXPORT_NOT_FOUND");
    }

    /// <summary>Export a list to a file</summary>
    /// <remarks>
    /// The worker writes the list, as filtered, into a file of CSV or JSON, for as many rows as there are; the export tells its progress and, once it is `ready`, a link to
    /// the file, for 24 hours. What is written is what whoever asked may read when it is written. Lists of up to 100,000 rows are had at once from `GET /{list}/export`.
    /// </remarks>
    private static async Task<IResult> Create(Body<CreateExportBody> body, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken)
    {
        var b = body.Value;
        var errors = new List<Error>();
        var request = ListBodyReader.Read(new ListBody.Asked(b.Where, b.Q, b.Sort, IncludeDeleted: b.IncludeDeleted), errors);
        if (errors.Count > 0) return Problem.From(errors);

        var created = await mediator.Send(new CreateExport(b.Resource, b.Format, request, b.Fields ?? []), cancellationToken);
        if (!created.Succeeded) return Problem.From(created.Errors);

        return (await mediator.Send(new GetExport(created.Value), cancellationToken))
            .Match(export => Respond.Accepted($"{ApiGroup.Prefix}/exports/{export.Id}", ExportBody.From(export, links)), Problem.From);
    }

    /// <summary>Get an export</summary>
    /// <remarks>Another's is for admins alone.</remarks>
    private static async Task<IResult> Get(Guid id, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetExport(new(id)), cancellationToken)).Match(export => Respond.Item(ExportBody.From(export, links), export.Version), Problem.From);

    /// <summary>Delete an export with its file</summary>
    /// <remarks>One that is being written stops within moments.</remarks>
    private static async Task<IResult> Delete(Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new DeleteExport(new(id), ifMatch.Version), cancellationToken)).Match(_ => Respond.Ok(new DeletedExport(id)), Problem.From);

    /// <param name="Resource">The list, as in its path: media, uploads, jobs, members, api-keys, audit, tags, purge-receipts.</param>
    /// <param name="Format">csv or json.</param>
    /// <param name="Where">What the rows must be like, as in the body of `POST /{list}/query`.</param>
    /// <param name="Q">Full text.</param>
    /// <param name="Sort">Fields, each with a leading - to descend.</param>
    /// <param name="Fields">Only these fields, nested ones by path.</param>
    /// <param name="IncludeDeleted">Also what is in the trash; for admins.</param>
    internal sealed record CreateExportBody(
        string Resource, ExportFormat Format = ExportFormat.Csv, JsonElement? Where = null, string? Q = null, IReadOnlyList<string>? Sort = null, IReadOnlyList<string>? Fields = null,
        bool? IncludeDeleted = null);

    internal sealed record DeletedExport(Guid Id);

    /// <summary>An export on the wire.</summary>
    /// <param name="Status">queued, running, ready or failed.</param>
    /// <param name="Progress">0 to 100.</param>
    /// <param name="Rows">Written so far.</param>
    /// <param name="Fields">What was picked; empty for all.</param>
    /// <param name="ExpiresAt">When it goes, with its file.</param>
    /// <param name="DownloadUrl">A signed link to the file, once it is ready.</param>
    internal sealed record ExportBody(
        Guid Id, string Resource, string Format, string Status, int Progress, int Rows, long? SizeBytes, string? ErrorCode, string? ErrorMessage, DateTimeOffset? ExpiresAt,
        string[] Fields, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset? FinishedAt, DateTimeOffset UpdatedAt, int Version, string? DownloadUrl)
    {
        public static ExportBody From(ExportDetails e, IMediaLinks links) => new(
            e.Id, e.Resource, e.Format, e.Status, e.Progress, e.Rows, e.SizeBytes, e.ErrorCode, e.ErrorMessage, e.ExpiresAt, e.Fields, e.CreatedAt, e.CreatedByKind, e.CreatedBy,
            e.FinishedAt, e.UpdatedAt, e.Version,
            e.Status == "ready"
                ? links.ToGet(new(e.StorageProvider!, e.StorageKey!, ExportRules.MimeType(Names.Require<ExportFormat>(e.Format)), e.SizeBytes!.Value, $"{e.Resource}-{e.CreatedAt:yyyy-MM-dd}.{e.Format}"))
                : null);
    }
}
