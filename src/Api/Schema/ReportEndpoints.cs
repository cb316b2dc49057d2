using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Schema;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Schema;

internal static class ReportEndpoints
{
    public static void MapReports(this RouteGroupBuilder api)
    {
        var reports = api.MapGroup("/reports/completeness").Needs(Role.Viewer);
        reports.MapGet("/", Completeness).Returns<EntityCompleteness[]>().Problems(400, "UNKNOWN_FIELD", "VALUE_NOT_READABLE").Problems(422, "UNKNOWN_ENTITY");
        reports.MapGet("/missing", Missing).Lists<IncompleteRecord>(ListFields.Incomplete).Problems(422, "UNKNOWN_ENTITY");
    }

    /// <summary>How complete the records are</summary>
    /// <remarks>Of each kind: how many there are outside the trash, how many have each of the fields that matter, and how many have all of them. What the client's own definitions require counts as well.</remarks>
    /// <param name="entity">One kind alone, such as `episodes`.</param>
    /// <param name="show_id">Of one show alone; without `entity`, of the kinds that have a show.</param>
    /// <param name="status">Of one status alone; without `entity`, of the kinds that have it.</param>
    private static async Task<IResult> Completeness(IMediator mediator, CancellationToken cancellationToken, string? entity = null, string? show_id = null, string? status = null) =>
        (await mediator.Send(new GetCompleteness(entity, show_id, status), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>List what is not complete</summary>
    /// <remarks>Newest first, each with all that it lacks. `show_id` and `status` pick from the kinds that have them.</remarks>
    /// <param name="entity">The kind of records, such as `episodes`.</param>
    /// <param name="missing">Fields that they lack, all of these, separated by commas, such as `script,tags` or `custom_fields.mood`; left out, those that lack anything.</param>
    private static async Task<IResult> Missing(string entity, ListQuery query, IMediator mediator, CancellationToken cancellationToken, string? missing = null) =>
        (await mediator.Send(new ListIncomplete(entity, missing?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [], query.Request), cancellationToken))
            .Match(Respond.Page, Problem.From);
}
