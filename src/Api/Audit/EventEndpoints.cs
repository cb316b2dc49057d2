using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Audit;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Access;
using MediatR;

namespace MediaPlatform.Api.Audit;

internal static class EventEndpoints
{
    public static void MapEvents(this RouteGroupBuilder api)
    {
        var events = api.MapGroup("/events").Needs(Role.Viewer);
        events.MapGet("/", Read).Lists<EventDetails>([], []).Problems(400, "CURSOR_INVALID").Problems(410, "EVENTS_EXPIRED")
            .Problems(422, "VALIDATION_ERROR", "UNKNOWN_EVENT_TYPE").Problems(503, "TOO_MANY_WAITERS");
    }

    /// <summary>Follow what changes</summary>
    /// <remarks>Each event once, in the order of the transactions that made them: ask with the `next_cursor` of the answer before. There always is one; keep it when the events are dealt with. An event tells what changed, not to what: read the record. Events of keys, members, exports, purges and the client itself are for admins.</remarks>
    /// <param name="after">`metadata.page.next_cursor` of the answer before; `now` for what comes from now on; left out, the oldest that is kept.</param>
    /// <param name="limit">Events in an answer, 1 to 200.</param>
    /// <param name="types">Only these, separated by commas: `media_asset.insert`, or `media_asset.*`.</param>
    /// <param name="wait">Seconds to wait for an event when there is none, 0 to 30.</param>
    private static async Task<IResult> Read(
        IMediator mediator, CancellationToken cancellationToken, string? after = null, int limit = ListRequest.DefaultLimit, string? types = null, int wait = 0) =>
        (await mediator.Send(
            new ReadEvents(after, limit, types?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [], TimeSpan.FromSeconds(wait)), cancellationToken))
            .Match(Respond.Page, Problem.From);
}
