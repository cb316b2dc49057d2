using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Audit;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Audit;

internal static class AuditEndpoints
{
    private const string Remarks =
        "Newest first. `entity=media_asset&entity_id=…` is the history of one record, `request_id=…` what one request wrote, `changed_fields[any]=title,tags` who changed these. "
        + "`changes` has each field's old and new value; secrets are left out, and what has more than 2,000 characters is there as its length and SHA-256.";

    public static void MapAudit(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").Needs(Role.Admin);
        audit.MapList(new("Audit", "what was changed, by whom", ListFields.Changes, Remarks), request => new ListChanges(request));
        audit.MapGet("/{id:guid}", Get).Returns<ChangeDetails>().Problems(404, "CHANGE_NOT_FOUND");
    }

    /// <summary>Get a change</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetChange(new(id)), cancellationToken)).Match(Respond.Ok, Problem.From);
}
