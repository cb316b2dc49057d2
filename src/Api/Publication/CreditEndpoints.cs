using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Publication;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Domain.Schema;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Publication;

internal static class CreditEndpoints
{
    private const int FoundUnlessAsked = 10;

    public static void MapCredits(this RouteGroupBuilder api)
    {
        var credits = api.MapGroup("/credits").Needs(Role.Viewer);
        credits.MapList(new("Credit", "raw credits", ListFields.Credits, "Newest first. Those of sets in the trash are left out. `name` finds a name whatever its case and accents."), request => new ListCredits(request));
        credits.MapGet("/{id:guid}", Get).Returns<CreditDetails>(versioned: true).Problems(404, "CREDIT_NOT_FOUND").Problems(410, "SET_IN_TRASH");
        credits.MapGet("/{id:guid}/candidates", Candidates).Returns<CreditCandidate[]>().Problems(404, "CREDIT_NOT_FOUND").Problems(410, "SET_IN_TRASH").Problems(422, "VALIDATION_ERROR");
        credits.MapPost("/{id:guid}/resolve", Resolve).Needs(Role.Editor).Returns<CreditDetails>(versioned: true).Problems(404, "CREDIT_NOT_FOUND", "PERSON_NOT_FOUND").Problems(409, "ALIAS_LIMIT").Problems(410, "SET_IN_TRASH", "PERSON_IN_TRASH")
            .Problems(422, ["VALIDATION_ERROR", .. CustomFieldErrors.Codes]).Problems(423, "CREDIT_RESOLVED", "CREDIT_REDACTED").Example(new { PersonId = Guid.Empty, AddAlias = true });
        credits.MapPost("/{id:guid}/ignore", Ignore).Needs(Role.Editor).Returns<CreditDetails>(versioned: true).Problems(404, "CREDIT_NOT_FOUND").Problems(410, "SET_IN_TRASH").Problems(423, "CREDIT_IGNORED", "CREDIT_REDACTED");
        credits.MapPost("/{id:guid}/unresolve", Unresolve).Needs(Role.Editor).Returns<CreditDetails>(versioned: true).Problems(404, "CREDIT_NOT_FOUND").Problems(410, "SET_IN_TRASH").Problems(423, "CREDIT_UNRESOLVED", "CREDIT_REDACTED");
        credits.MapPost("/{id:guid}/redact", Redact).Needs(Role.Admin).Returns<RedactedCredit>().Problems(404, "CREDIT_NOT_FOUND").Problems(422, "VALIDATION_ERROR").Problems(423, "CREDIT_REDACTED")
            .Example(new { Reason = "Request 2026-114" });
        credits.MapPost("/resolve-matching", ResolveAll).Needs(Role.Editor).Returns<MatchingCredits>().Problems(404, "PERSON_NOT_FOUND").Problems(410, "PERSON_IN_TRASH")
            .Problems(422, "VALIDATION_ERROR", "TOO_MANY_CREDITS", "NO_CREDITS_MATCH").Example(new { Name = "Zoë L.", PersonId = Guid.Empty, Preview = false });
        credits.MapGet("/resolutions/{resolution_id:guid}", Resolution).Returns<ResolutionDetails>().Problems(404, "RESOLUTION_NOT_FOUND");
        credits.MapPost("/resolutions/{resolution_id:guid}/undo", Undo).Needs(Role.Editor).Returns<ResolutionDetails>().Problems(404, "RESOLUTION_NOT_FOUND").Problems(423, "RESOLUTION_UNDONE");
    }

    /// <summary>Get a raw credit</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetCredit(id), cancellationToken)).Match(credit => Respond.Item(credit, credit.Version), Problem.From);

    /// <summary>Find people whom a raw credit may mean</summary>
    /// <remarks>
    /// Suggestions with a score and its reasons: SAME_ALIAS and SAME_NAME give 0.65, BEGINS_SO 0.4, SIMILAR_NAME up to 0.5; that others of this very name were resolved to the person gives
    /// RESOLVED_BEFORE 0.2, that the person is in another set of the channel SAME_CHANNEL 0.1, and the right type FITS_ROLE 0.05.
    /// </remarks>
    /// <param name="limit">At most so many, 1 to 50.</param>
    private static async Task<IResult> Candidates(Guid id, IMediator mediator, CancellationToken cancellationToken, int limit = FoundUnlessAsked) =>
        (await mediator.Send(new FindCandidates(id, limit), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Say whom a raw credit means</summary>
    /// <remarks>
    /// Somebody who is there (`person_id`) or somebody new (`new_person`), who is a participant of the set from then on. The raw text stays as it was imported. With `add_alias` the person is
    /// known by it, with source `import`; a warning `CREDITS_EXPLAINED` names other credits of this name. What was resolved or ignored may be resolved anew.
    /// </remarks>
    private static async Task<IResult> Resolve(Guid id, Body<ResolveBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var resolved = await mediator.Send(new ResolveCredit(id, body.Value.PersonId, body.Value.NewPerson, body.Value.AddAlias, ifMatch.Version), cancellationToken);
        if (!resolved.Succeeded) return Problem.From(resolved.Errors);

        return (await mediator.Send(new GetCredit(id), cancellationToken)).Match(credit => Respond.Item(credit, credit.Version, Warning.Of(resolved.Value.Findings)), Problem.From);
    }

    /// <summary>Say that a raw credit means nobody who is kept here</summary>
    private static Task<IResult> Ignore(Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) => Move(id, new IgnoreCredit(id, ifMatch.Version), mediator, cancellationToken);

    /// <summary>Say that nobody knows whom a raw credit means</summary>
    /// <remarks>It is unresolved again. Whoever was in the set by it alone is no more; an alias that was made of it stays.</remarks>
    private static Task<IResult> Unresolve(Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) => Move(id, new UnresolveCredit(id, ifMatch.Version), mediator, cancellationToken);

    /// <summary>Delete the name of a raw credit</summary>
    /// <remarks>
    /// By a legal request, in the trash or not, for good: the one exception to that what was published is kept. `[redacted]` stands for the name, in the credit and in the rows of all imports that are
    /// its set; it means nobody any more. That the set has the credit stays, and a receipt. Names of people (`/people/{id}/aliases`) and other credits are left as they are, and what is imported anew is
    /// kept anew.
    /// </remarks>
    private static async Task<IResult> Redact(Guid id, Body<RedactBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RedactCredit(id, body.Value.Reason, ifMatch.Version), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Resolve all raw credits of a name</summary>
    /// <remarks>
    /// All that are unresolved, whatever the case and accents; of one `role` or `channel_id` alone where that is given. With `preview`, which is how it is done unless said otherwise, nothing is written and
    /// the answer says which these would be. What was resolved is one unit: `POST /credits/resolutions/{resolution_id}/undo` takes it back.
    /// </remarks>
    private static async Task<IResult> ResolveAll(Body<ResolveMatchingBody> body, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ResolveMatching(new(body.Value.Name, body.Value.Role, body.Value.ChannelId), body.Value.PersonId, body.Value.Preview), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get what was resolved in one go</summary>
    private static async Task<IResult> Resolution(Guid resolution_id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetResolution(resolution_id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Undo what was resolved in one go</summary>
    /// <remarks>Its credits are unresolved again; those that were resolved anew, ignored or unresolved since stay as they are: `undone` says how many went back.</remarks>
    private static async Task<IResult> Undo(Guid resolution_id, IMediator mediator, CancellationToken cancellationToken)
    {
        var undone = await mediator.Send(new UndoResolution(resolution_id), cancellationToken);
        return undone.Succeeded ? await Resolution(resolution_id, mediator, cancellationToken) : Problem.From(undone.Errors);
    }

    private static async Task<IResult> Move(Guid id, ICommand<Done> command, IMediator mediator, CancellationToken cancellationToken)
    {
        var moved = await mediator.Send(command, cancellationToken);
        return moved.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(moved.Errors);
    }

    /// <param name="PersonId">Somebody who is there.</param>
    /// <param name="NewPerson">Somebody new.</param>
    /// <param name="AddAlias">Whether the person is known by the raw name from then on.</param>
    internal sealed record ResolveBody(Guid? PersonId = null, PersonFields? NewPerson = null, bool AddAlias = false);

    /// <param name="Reason">Kept in the receipt; at most 500 characters. It should not say whose name it was.</param>
    internal sealed record RedactBody(string? Reason = null);

    /// <param name="Name">At most 500 characters; case, accents and blanks too many do not matter.</param>
    /// <param name="PersonId">Whom they mean.</param>
    /// <param name="Role">Credits in this role alone: model or photographer.</param>
    /// <param name="ChannelId">Credits of sets of this channel alone.</param>
    /// <param name="Preview">Nothing is written.</param>
    internal sealed record ResolveMatchingBody(string Name, Guid PersonId, ParticipantRole? Role = null, Guid? ChannelId = null, bool Preview = true);
}
