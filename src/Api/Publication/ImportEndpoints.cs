using System.Reflection;
using System.Text.Json;
using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Publication;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Query;
using MediatR;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace MediaPlatform.Api.Publication;

internal static class ImportEndpoints
{
    private const int MostBytes = 16 << 20;
    private const int RowsUnlessAsked = 200;
    private static readonly string[] ExampleModels = ["Zoë L.", "MARA (feat. Ines)"];

    public static void MapImports(this RouteGroupBuilder api)
    {
        var imports = api.MapGroup("/imports").Needs(Role.Viewer);
        imports.MapList(new("Import", "imports", ListFields.Imports, "Newest first. They are kept for ever."), request => new ListImports(request));
        imports.MapGet("/{id:guid}", Get).Returns<ImportDetails>(versioned: true).Problems(404, "IMPORT_NOT_FOUND");
        imports.MapGet("/{id:guid}/rows", Rows).Returns<ImportRowDetails[]>().Problems(404, "IMPORT_NOT_FOUND").Problems(422, "VALIDATION_ERROR");
        imports.MapGet("/{id:guid}/payload", Payload).ReturnsPlain(StatusCodes.Status200OK, "What was given, byte for byte but for names that were redacted.", "application/octet-stream").Problems(404, "IMPORT_NOT_FOUND");
        imports.MapPost("/{id:guid}/redact", Redact).Needs(Role.Admin).Returns<RedactedImport>().Problems(404, "IMPORT_NOT_FOUND").Problems(422, "VALIDATION_ERROR", "IMPORT_NAME_NOT_FOUND")
            .Example(new { Name = "Zoë L.", Reason = "Request 2026-114" });
        imports.MapPost("/sets", Import).Needs(Role.Editor, "sets").WithMetadata(new RequestSizeLimitAttribute(MostBytes)).Returns<ImportPlan>().Returns<ImportDetails>(201).Returns<ImportDetails>(202)
            .Problems(400, "IMPORT_UNREADABLE").Problems(422, "IMPORT_WITHOUT_ROWS", "IMPORT_TOO_MANY_ROWS")
            .Example(new { Title = "Winter light", Channel = "Daylight Weekly", PublishedAt = "2026-01-20", Models = ExampleModels, Photographer = "K. Oduya" });
    }

    /// <summary>Get an import</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetImport(id), cancellationToken)).Match(import => Respond.Item(import, import.Version), Problem.From);

    /// <summary>List the rows of an import</summary>
    /// <remarks>As they stand in the payload.</remarks>
    /// <param name="outcome">Those alone: pending, created, matched or failed.</param>
    /// <param name="after">Rows after this one.</param>
    /// <param name="limit">At most so many, 1 to 1,000.</param>
    private static async Task<IResult> Rows(Guid id, IMediator mediator, CancellationToken cancellationToken, string? outcome = null, int after = 0, int limit = RowsUnlessAsked) =>
        (await mediator.Send(new ListImportRows(id, outcome, after, limit), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get what was given to be imported</summary>
    /// <remarks>Byte for byte; where a name was deleted by a legal request, `[redacted]` stands for it.</remarks>
    private static async Task<IResult> Payload(Guid id, IMediator mediator, CancellationToken cancellationToken) => (await mediator.Send(new GetImportPayload(id), cancellationToken)).Match(
        payload => Results.Bytes(payload.Payload, payload.Format is ImportFormat.Csv ? "text/csv; charset=utf-8" : "application/json", $"{id}.{Names.Of(payload.Format)}"), Problem.From);

    /// <summary>Delete a name from what was given to be imported</summary>
    /// <remarks>
    /// By a legal request, for good: `[redacted]` stands for it wherever a row credits it, whatever its case and accents; of one `row` alone where that is given. For names that no credit has: of rows that
    /// failed, or that are a set which was there already. A credit of the name is left as it is, and a warning `CREDITS_KEEP_NAME` names it: `POST /credits/{id}/redact`.
    /// </remarks>
    private static async Task<IResult> Redact(Guid id, Body<RedactBody> body, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RedactImport(id, body.Value.Name, body.Value.Row, body.Value.Reason), cancellationToken)).Match(redacted => Respond.Ok(redacted, Warning.Of(redacted.Findings)), Problem.From);

    /// <summary>Import published sets</summary>
    /// <remarks>
    /// One set, a list of sets, or an object with a list `sets`, as `application/json`; or `text/csv` with a header, where `models`, `photographers` and `tags` are divided by semicolons. A set has
    /// `title`, `channel` (its name; or `channel_id`), `published_at` (a date, or a time with its zone), and may have `models`, `photographers`, `notes`, `external_id` and `tags`, and in JSON
    /// `custom_fields`. Up to 20,000 rows and 16 MiB.
    ///
    /// Each row makes a set with its unresolved credits, word for word; nothing is made of what really took place. A row that is a set which is there (channel, title and date are the same, whatever
    /// the case and accents) is `matched` and changes nothing. A row that is refused harms no other, and has all of its reasons, 100 at most.
    /// With `dry_run=true` nothing is written and the answer says what would become of each row. Up to 200 rows that credit up to 5,000 names together are done when the answer comes (201); more by a job
    /// `SET_IMPORT` (202). The same payload again is the same import: what is left of it is done, and what failed is tried once more.
    /// </remarks>
    /// <param name="dry_run">Say what would become of each row, and write nothing.</param>
    private static async Task<IResult> Import(ImportBody body, IMediator mediator, CancellationToken cancellationToken, bool dry_run = false)
    {
        if (dry_run) return (await mediator.Send(new PlanImport(body.Format, body.Payload), cancellationToken)).Match(Respond.Ok, Problem.From);

        var stored = await mediator.Send(new ImportSets(body.Format, body.Payload), cancellationToken);
        if (!stored.Succeeded) return Problem.From(stored.Errors);

        var isDone = stored.Value.IsShort;
        if (isDone && await mediator.Send(new ApplyImport(stored.Value.Id), cancellationToken) is { Succeeded: false } refused) return Problem.From(refused.Errors);

        return (await mediator.Send(new GetImport(stored.Value.Id), cancellationToken)).Match(
            import => isDone ? Respond.Created($"{ApiGroup.Prefix}/imports/{import.Id}", import, import.Version) : Respond.Accepted($"{ApiGroup.Prefix}/imports/{import.Id}", import), Problem.From);
    }

    /// <summary>What is to be imported, byte for byte.</summary>
    internal sealed class ImportBody : IBound, IBindableFromHttpContext<ImportBody>, IEndpointParameterMetadataProvider
    {
        private ImportBody(ImportFormat format, ReadOnlyMemory<byte> payload, IReadOnlyList<Error> errors) => (Format, Payload, Errors) = (format, payload, errors);

        public ImportFormat Format { get; }

        public ReadOnlyMemory<byte> Payload { get; }

        public IReadOnlyList<Error> Errors { get; }

        public static async ValueTask<ImportBody?> BindAsync(HttpContext context, ParameterInfo parameter)
        {
            var given = context.Request.ContentType;
            ImportFormat? format = MediaTypeHeaderValue.TryParse(given, out var type) ? type.MediaType.Value?.ToLowerInvariant() switch { "application/json" => ImportFormat.Json, "text/csv" => ImportFormat.Csv, _ => null } : null;
            if (format is not { } read)
                return new(default, default, [new UnsupportedTypeError("UNSUPPORTED_CONTENT_TYPE", $"The body must be application/json or text/csv in UTF-8, not {given ?? "without a content type"}.")]);

            var (bytes, refused) = await JsonBody.Take(context);
            return bytes is null ? new(read, default, [refused!]) : new(read, bytes, []);
        }

        public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => JsonBody.Describe(builder, typeof(ImportedSet));
    }

    /// <param name="Name">At most 500 characters; case, accents and blanks too many do not matter.</param>
    /// <param name="Row">In this row alone, from 1.</param>
    /// <param name="Reason">Kept in the receipt; at most 500 characters. It should not say whose name it was.</param>
    internal sealed record RedactBody(string Name, int? Row = null, string? Reason = null);

    /// <summary>A published set, as an import names it.</summary>
    /// <param name="Title">As it was published; at most 500 characters.</param>
    /// <param name="Channel">Where it came out, by the channel's name.</param>
    /// <param name="ChannelId">The same by its id.</param>
    /// <param name="PublishedAt">A date such as 2026-01-20, or a time such as 2026-01-20T09:00:00Z.</param>
    /// <param name="Models">The names of models as they were published, word for word; at most 500 of 500 characters.</param>
    /// <param name="Photographers">Likewise of photographers.</param>
    /// <param name="Photographer">The same where there is one.</param>
    /// <param name="Notes">At most 20,000 characters.</param>
    /// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
    /// <param name="Tags">At most 200 of 100 characters each.</param>
    /// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB, held to what it has declared; a CSV has none.</param>
    internal sealed record ImportedSet(
        string Title, string PublishedAt, string? Channel = null, Guid? ChannelId = null, IReadOnlyList<string>? Models = null, IReadOnlyList<string>? Photographers = null, string? Photographer = null,
        string? Notes = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null);
}
