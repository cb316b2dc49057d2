using System.Text.Json.Serialization;
using MediaPlatform.Api.Access;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;
using MediaPlatform.Domain.Schema;
using MediaPlatform.Infrastructure.Records;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace MediaPlatform.Api.Http;

/// <summary>A record as it is shown, and its version.</summary>
internal sealed record Shown<TBody>(TBody Body, long Version);

/// <summary>Reads a record as it is shown.</summary>
internal delegate Task<Result<Shown<TBody>>> Show<TBody>(Guid id, bool includeDeleted, IServiceProvider services, CancellationToken cancellationToken);

/// <summary>What the endpoints of a kind of records are made from.</summary>
/// <typeparam name="TFields">What people write.</typeparam>
/// <typeparam name="TBody">What they read; its other fields are ignored in a body, so that what was read can be put back.</typeparam>
/// <param name="Name">Of one, such as <c>Show</c>: the tag, and what operation ids begin with.</param>
/// <param name="Kind">In error codes.</param>
/// <param name="One">In sentences, such as <c>an asset</c>.</param>
/// <param name="Example">A body that works.</param>
internal sealed record RecordRoutes<TFields, TBody>(string Name, RecordKind Kind, string One, object Example)
    where TFields : class
    where TBody : notnull
{
    /// <summary>Reads one; an ordinary kind is read as it is listed.</summary>
    public Show<TBody> Show { get; init; } = static (_, _, _, _) => throw new InvalidOperationException("Nothing says how one is shown.");

    /// <summary>False where records come into being in another way.</summary>
    public bool Creates { get; init; } = true;

    /// <summary>Who makes, changes and deletes them.</summary>
    public Role Writes { get; init; } = Role.Editor;

    /// <summary>Guests see those that are their own.</summary>
    public bool ShownToGuests { get; init; }

    /// <summary>The codes with which creating and changing one is refused, beside those of all.</summary>
    public IReadOnlyList<(int Status, string Code)> Refusals { get; init; } = [];

    /// <summary>Some are merged into others, and lead there.</summary>
    public bool Merges { get; init; }

    /// <summary>Some are never deleted for good.</summary>
    public bool KeepsSome { get; init; }

    /// <summary>What a change does beyond the obvious.</summary>
    public string? Remarks { get; init; }
}

/// <summary>The endpoints that every kind of primary records has.</summary>
internal static class RecordEndpoints
{
    /// <summary>The whole of an ordinary kind: its list, and all that is done to one.</summary>
    /// <param name="path">Below the version, such as <c>/shows</c>.</param>
    /// <param name="plural">In sentences, such as <c>shows</c>.</param>
    /// <param name="remarks">Of the list.</param>
    /// <returns>The group, for what else the kind has.</returns>
    public static RecordGroup<TFields, TDetails> MapResource<TFields, TDetails>(
        this RouteGroupBuilder api, string path, string plural, RecordRoutes<TFields, TDetails> routes, string remarks = "Newest first.")
        where TFields : class
        where TDetails : IRecordDetails => api.MapResource<TFields, TDetails, TDetails>(path, plural, routes, static details => details, remarks);

    /// <summary>The same, shown in another form than it is read in.</summary>
    /// <inheritdoc cref="MapResource{TFields, TDetails}"/>
    /// <param name="shown">The form.</param>
    public static RecordGroup<TFields, TBody> MapResource<TFields, TDetails, TBody>(
        this RouteGroupBuilder api, string path, string plural, RecordRoutes<TFields, TBody> routes, Func<TDetails, TBody> shown, string remarks = "Newest first.")
        where TFields : class
        where TDetails : IRecordDetails
        where TBody : notnull
    {
        var group = api.MapGroup(path).Needs(Role.Viewer);
        var fields = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<FieldsOf<TDetails>>().Fields;
        group.MapList(new ListResource(routes.Name, plural, fields, remarks), request => new ListRecords<TDetails>(request), (details, _) => shown(details));
        return group.MapRecords(routes with { Show = Show });

        async Task<Result<Shown<TBody>>> Show(Guid id, bool includeDeleted, IServiceProvider services, CancellationToken cancellationToken)
        {
            var found = await services.GetRequiredService<IMediator>().Send(new GetRecord<TDetails>(id, includeDeleted), cancellationToken);
            return found.Succeeded ? new Shown<TBody>(shown(found.Value), found.Value.Version) : found.As<Shown<TBody>>();
        }
    }

    /// <summary>GET, PUT, PATCH, DELETE, restore, the approvals and batch, and POST where records are made so.</summary>
    public static RecordGroup<TFields, TBody> MapRecords<TFields, TBody>(this RouteGroupBuilder group, RecordRoutes<TFields, TBody> routes)
        where TFields : class
        where TBody : notnull
    {
        var records = new RecordGroup<TFields, TBody>(group, routes);
        var (one, code) = (routes.One, routes.Kind.Code);
        var (notFound, inTrash) = ($"{code}_NOT_FOUND", $"{code}_IN_TRASH");

        var get = group.MapGet("/{id:guid}", (Guid id, IServiceProvider services, CancellationToken cancellationToken, [FromQuery(Name = "include_deleted")] bool includeDeleted = false) =>
                records.Answer(id, services, cancellationToken, includeDeleted))
            .Called(routes, "Get", $"Get {one}").WithDescription("What is in the trash is shown to admins, with `include_deleted=true`.")
            .Returns<TBody>(versioned: true).Problems(404, notFound).Problems(410, inTrash);
        if (routes.ShownToGuests) get.OrGuests();
        if (routes.Merges) get.Problems(307, $"{code}_MERGED");

        if (routes.Creates)
        {
            group.MapPost("/", async (Body<TFields> body, HttpRequest request, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                {
                    var created = await mediator.Send(new CreateRecord<TFields>(body.Value), cancellationToken);
                    if (!created.Succeeded) return Problem.From(created.Errors);

                    return (await routes.Show(created.Value.Id, false, services, cancellationToken))
                        .Match(shown => Respond.Created($"{request.Path.Value!.TrimEnd('/')}/{created.Value.Id}", shown.Body, shown.Version, Warning.Of(created.Value.Findings)), Problem.From);
                })
                .Called(routes, "Create", $"Make {one}").WithMetadata(new ShownAsMetadata(typeof(TBody))).Example(routes.Example)
                .Needs(routes.Writes).Returns<TBody>(201, versioned: true).RefusesAs(routes);
        }

        group.MapPut("/{id:guid}", (Guid id, Body<TFields> body, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                records.Send(new EditRecord<TFields>(id, _ => body.Value, ifMatch.Version), mediator, services, cancellationToken))
            .Called(routes, "Replace", $"Replace {one}").WithDescription($"What is left out is emptied, or is as it was in the beginning. {routes.Remarks}")
            .WithMetadata(new ShownAsMetadata(typeof(TBody))).Example(routes.Example)
            .Needs(routes.Writes).Returns<TBody>(versioned: true).Problems(404, notFound).Problems(410, inTrash).RefusesAs(routes);

        group.MapPatch("/{id:guid}", (Guid id, MergePatch patch, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                records.Send(new EditRecord<TFields>(id, patch.Edit<TFields>(typeof(TBody)), ifMatch.Version), mediator, services, cancellationToken))
            .Called(routes, "Change", $"Change {one}").WithDescription($"A JSON merge patch: what is left out stays, null empties. {routes.Remarks}")
            .WithMetadata(new BodyMetadata(typeof(TFields), IsPatch: true)).Example(routes.Example)
            .Needs(routes.Writes).Returns<TBody>(versioned: true).Problems(404, notFound).Problems(410, inTrash).RefusesAs(routes);

        var delete = group.MapDelete("/{id:guid}", async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken, string? reason = null, bool purge = false) => purge
                ? (await mediator.Send(new PurgeRecord<TFields>(id, reason, ifMatch.Version), cancellationToken)).Match(gone => Respond.Ok(DeletedBody.Of(gone)), Problem.From)
                : (await mediator.Send(new TrashRecord<TFields>(id, reason, ifMatch.Version), cancellationToken)).Match(trashed => Respond.Ok(DeletedBody.Of(trashed)), Problem.From))
            .Called(routes, "Delete", $"Move {one} to the trash, or delete it for good")
            .WithDescription("The answer counts what went along. With `purge=true` it is deleted for good, objects included, and a receipt stays; that is for admins, and within an hour for whoever made it, where nothing goes along. `reason` is kept.")
            .Needs(routes.Writes).Returns<DeletedBody>().Problems(403, "ROLE_TOO_LOW").Problems(404, notFound).Problems(410, inTrash).Problems(422, "VALIDATION_ERROR");
        if (routes.KeepsSome) delete.Problems(423, $"{code}_KEPT");

        var restore = records.MapRestore().WithDescription("With exactly what its deletion took along.").Problems(423, $"{code}_NOT_IN_TRASH", "PARENT_IN_TRASH");
        if (routes.Merges) restore.Problems(423, $"{code}_MERGED");
        string[] taken = [.. from refusal in routes.Refusals where refusal.Status == StatusCodes.Status409Conflict select refusal.Code];
        if (taken.Length > 0) restore.Problems(409, [.. taken, "RESTORE_CONFLICTS"]);

        foreach (var move in Enum.GetValues<ApprovalMove>())
        {
            records.MapVerb(move.ToString(), $"{move} {one}", (id, seen) => new MoveApproval<TFields>(id, move, seen))
                .WithDescription("draft → approved, approved → draft, draft → rejected, rejected → draft; no other way.").Problems(423, "APPROVAL_FORBIDS");
        }

        group.MapBatch(routes.Name, new BatchVerbs
        {
            Example = new { Op = "update", Id = Guid.Empty, Body = routes.Example },
            Create = routes.Creates ? BatchVerb.Taking<TFields, CreateRecord<TFields>>(routes.Writes, typeof(TBody), (_, fields) => new(fields)) : null,
            Update = BatchVerb.Patching<EditRecord<TFields>>(routes.Writes, (item, patch) => new(item.Id, patch.Edit<TFields>(typeof(TBody)), item.IfMatch)),
            Delete = BatchVerb.Naming<TrashRecord<TFields>, TrashedRecord>(routes.Writes, item => new(item.Id, item.Reason, item.IfMatch)),
        }).Problems(400, "INVALID_NUMBER");
        return records;
    }

    internal static RouteHandlerBuilder Called<TFields, TBody>(this RouteHandlerBuilder endpoint, RecordRoutes<TFields, TBody> routes, string verb, string summary)
        where TFields : class
        where TBody : notnull => endpoint.WithName($"{routes.Name}_{verb}").WithTags(routes.Name).WithSummary(summary);

    private static void RefusesAs<TFields, TBody>(this RouteHandlerBuilder endpoint, RecordRoutes<TFields, TBody> routes)
        where TFields : class
        where TBody : notnull
    {
        endpoint.Problems(400, "INVALID_NUMBER"); // in a document of the caller's own
        if (typeof(TFields).IsAssignableTo(typeof(ICustomFields))) endpoint.Problems(422, [.. CustomFieldErrors.Codes]);
        foreach (var (status, code) in routes.Refusals) endpoint.Problems(status, code);
    }
}

/// <summary>What a deletion took; beside these, how many of each kind went along, and objects and bytes where there were any.</summary>
/// <param name="DeletedAt">Since when it is in the trash.</param>
/// <param name="PurgedAt">When it was deleted for good.</param>
/// <param name="ReceiptId">The receipt of a purge, at /purge-receipts.</param>
internal sealed record DeletedBody(Guid Id, DateTimeOffset? DeletedAt, DateTimeOffset? PurgedAt, Guid? ReceiptId)
{
    [JsonExtensionData]
    public Dictionary<string, object> Taken { get; init; } = [];

    public static DeletedBody Of(TrashedRecord trashed) => new(trashed.Id, trashed.DeletedAt, PurgedAt: null, ReceiptId: null) { Taken = Counts(trashed.Dependants) };

    public static DeletedBody Of(PurgedRecord purged) => new(purged.Id, DeletedAt: null, purged.PurgedAt, purged.ReceiptId) { Taken = Counts(purged.Taken) };

    private static Dictionary<string, object> Counts(IReadOnlyDictionary<string, long> taken) => taken.ToDictionary(pair => pair.Key, pair => (object)pair.Value, StringComparer.Ordinal);
}
