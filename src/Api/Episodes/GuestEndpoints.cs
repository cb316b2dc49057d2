using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediatR;

namespace MediaPlatform.Api.Episodes;

internal static class GuestEndpoints
{
    private static readonly object Example = new { Name = "Sarah Johnson", Role = "Celebrity Stylist" };

    public static void MapGuests(this RouteGroupBuilder api)
    {
        var guests = api.MapResource<GuestFields, GuestDetails>(
            "/guests", "guests", new("Guest", EpisodeKinds.Guest, "a guest", Example)
            {
                Refusals = [(422, "GUEST_WITHOUT_CONSENT"), (422, "OUTFIT_NOT_FOUND"), (422, "VALIDATION_ERROR"), (423, "GUEST_ERASED")],
                Remarks = "Without consent there is the name, and the role and outfits beside it: whatever else tells of the guest is refused as `GUEST_WITHOUT_CONSENT`. "
                    + "Another guest of the same name is told as a warning `DUPLICATE_GUEST`.",
            },
            "Newest first. How to reach a guest is shown to editors, and is in no export and no search. `q` searches names, roles, tags and notes.");
        guests.Routes.AddEndpointFilter(KeepNothing);
        guests.Routes.MapPost("/{id:guid}/consent", (Guid id, Body<ConsentBody> body, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                guests.Send(new ConsentGuest(id, body.Value.NoticeVersion, body.Value.ConsentedAt, ifMatch.Version), mediator, services, cancellationToken))
            .WithName("Guest_Consent").WithTags("Guest").WithSummary("Note that a guest has agreed to a privacy notice").WithDescription("Then more than the name may be kept, and sessions be given. A newer notice is agreed to likewise.")
            .Needs(Role.Editor).Returns<GuestDetails>(versioned: true).Problems(404, "GUEST_NOT_FOUND").Problems(410, "GUEST_IN_TRASH").Problems(422, "VALIDATION_ERROR").Problems(423, "GUEST_ERASED")
            .Example(new { NoticeVersion = "2026-01", ConsentedAt = "2026-01-05T09:00:00Z" });
        guests.MapVerb("WithdrawConsent", "Note that a guest has taken the consent back", (id, seen) => new WithdrawGuestConsent(id, seen))
            .WithDescription("Whatever the consent allowed to be kept is deleted, and the guest's sessions end.").Problems(423, "GUEST_WITHOUT_CONSENT");
        guests.Routes.MapPost("/{id:guid}/convert", (Guid id, Body<ConvertBody> body, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                guests.Send(new ConvertGuest(id, body.Value.UserId, body.Value.Email, ifMatch.Version), mediator, services, cancellationToken))
            .WithName("Guest_Convert").WithTags("Guest").WithSummary("Make known that a guest is a member now").WithDescription("Once. Clips, episodes and uploads of the guest go on to point to it; its sessions end, since the member signs in.")
            .Needs(Role.Admin).Returns<GuestDetails>(versioned: true).Problems(404, "GUEST_NOT_FOUND").Problems(410, "GUEST_IN_TRASH").Problems(422, "USER_IS_NO_MEMBER", "VALIDATION_ERROR")
            .Problems(423, "GUEST_CONVERTED", "GUEST_ERASED").Example(new { Email = "sarah@example.com" });
        guests.Routes.MapPost("/{id:guid}/erase", Erase).Needs(Role.Admin).Returns<ErasedGuestBody>().Problems(404, "GUEST_NOT_FOUND").Problems(422, "VALIDATION_ERROR").Problems(423, "GUEST_ERASED")
            .Example(new { Reason = "Request of 5 January, case 17" });
        guests.Routes.MapGet("/{id:guid}/sessions", Sessions).Needs(Role.Editor).Returns<GuestSessionDetails[]>().Problems(404, "GUEST_NOT_FOUND").Problems(410, "GUEST_IN_TRASH");
        guests.Routes.MapPost("/{id:guid}/sessions", Open).Needs(Role.Editor).Returns<OpenedSession>(201, versioned: true).Problems(404, "GUEST_NOT_FOUND").Problems(410, "GUEST_IN_TRASH")
            .Problems(423, "GUEST_WITHOUT_CONSENT", "GUEST_CONVERTED", "GUEST_ERASED");
        guests.Routes.MapGet("/{id:guid}/sessions/{session_id:guid}", Session).Needs(Role.Editor).Returns<GuestSessionDetails>(versioned: true).Problems(404, "GUEST_SESSION_NOT_FOUND");
        guests.Routes.MapDelete("/{id:guid}/sessions/{session_id:guid}", Revoke).Needs(Role.Editor).Returns<GuestSessionDetails>(versioned: true).Problems(404, "GUEST_SESSION_NOT_FOUND");

        api.MapLinks<EpisodeGuestLink, EpisodeGuestDetails>(
            new(EpisodeKinds.EpisodeGuest, "/episodes/{id:guid}/guests", ["guest_id:guid"], "Episode", "Guest", "a guest of an episode", "the guests of an episode", new { Role = "Celebrity Stylist" })
            {
                Entity = "guests", Remarks = "The guest's clips stay when the link goes.",
            });
    }

    /// <summary>No answer with personal data in it is kept, neither by whoever passes it on nor for whoever asks again.</summary>
    private static ValueTask<object?> KeepNothing(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }

    /// <summary>Erase a guest</summary>
    /// <remarks>
    /// By a legal request, in the trash or not, for good. The record becomes an "Erased guest" without contact, links, notes, tags, custom fields and sessions; clips that named the guest
    /// name that instead. Episodes, clips and uploads stay, and a receipt at /purge-receipts. What the guest has said and shown in files is not looked at.
    /// </remarks>
    private static async Task<IResult> Erase(Guid id, Body<EraseBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new EraseGuest(id, body.Value.Reason, ifMatch.Version), cancellationToken))
        .Match(erased => Respond.Ok(new ErasedGuestBody(erased.Id, erased.ReceiptId, erased.ErasedAt, erased.Taken)), Problem.From);

    /// <summary>List the sessions of a guest</summary>
    /// <remarks>Newest first, at most 200. Those that have expired are forgotten.</remarks>
    private static async Task<IResult> Sessions(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListGuestSessions(id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get a session of a guest</summary>
    private static async Task<IResult> Session(Guid id, Guid session_id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetGuestSession(id, session_id), cancellationToken)).Match(session => Respond.Item(session, session.Version), Problem.From);

    /// <summary>Give a guest a session</summary>
    /// <remarks>
    /// The answer holds its token, for the only time. The guest sends it as Authorization: Bearer, for 30 days unless the operator has set it otherwise, and reaches the own uploads by it,
    /// and the assets that came of them: uploading by form or by links, and looking at what became of it. Nothing else.
    /// </remarks>
    private static async Task<IResult> Open(Guid id, IMediator mediator, CancellationToken cancellationToken)
    {
        var opened = await mediator.Send(new OpenGuestSession(id), cancellationToken);
        if (!opened.Succeeded) return Problem.From(opened.Errors);

        return (await mediator.Send(new GetGuestSession(id, opened.Value.Id), cancellationToken)).Match(
            session => Respond.CreatedSecret($"{ApiGroup.Prefix}/guests/{id}/sessions/{session.Id}", new OpenedSession(session, opened.Value.Token.Text), session.Version), Problem.From);
    }

    /// <summary>End a session of a guest</summary>
    /// <remarks>It is out everywhere within a second, for good. Again changes nothing.</remarks>
    private static async Task<IResult> Revoke(Guid id, Guid session_id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var revoked = await mediator.Send(new RevokeGuestSession(id, session_id, ifMatch.Version), cancellationToken);
        return revoked.Succeeded ? await Session(id, session_id, mediator, cancellationToken) : Problem.From(revoked.Errors);
    }

    /// <param name="NoticeVersion">Of the privacy notice that the guest has agreed to; at most 100 characters.</param>
    /// <param name="ConsentedAt">When; now, when left out.</param>
    internal sealed record ConsentBody(string NoticeVersion, DateTimeOffset? ConsentedAt = null);

    /// <param name="UserId">A user who is a member of the client.</param>
    /// <param name="Email">Or the member's email.</param>
    internal sealed record ConvertBody(Guid? UserId = null, string? Email = null);

    /// <param name="Reason">Kept in the receipt; at most 500 characters. It should not say who the guest was.</param>
    internal sealed record EraseBody(string? Reason = null);

    /// <param name="Session">The session.</param>
    /// <param name="Token">What the guest sends as Authorization: Bearer. It is not shown again.</param>
    internal sealed record OpenedSession(GuestSessionDetails Session, string Token);

    /// <param name="ReceiptId">The receipt, at /purge-receipts.</param>
    /// <param name="Taken">How many of each kind said who it was: clips, episodes, sessions.</param>
    internal sealed record ErasedGuestBody(Guid Id, Guid ReceiptId, DateTimeOffset ErasedAt, IReadOnlyDictionary<string, long> Taken);
}
