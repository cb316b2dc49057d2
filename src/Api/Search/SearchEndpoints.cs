using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Search;
using MediaPlatform.Domain.Access;
using MediatR;

namespace MediaPlatform.Api.Search;

internal static class SearchEndpoints
{
    private static readonly string[] ExampleTypes = ["episode", "script"];

    public static void MapSearch(this RouteGroupBuilder api)
    {
        var search = api.MapGroup("/search").Needs(Role.Viewer);
        search.MapGet("/", Find).WithMetadata(new AnswerMetadata(StatusCodes.Status200OK, typeof(SearchEnvelope))).Problems(400, "CURSOR_INVALID").Problems(422, "UNKNOWN_SEARCH_TYPE", "VALIDATION_ERROR");
        search.MapPost("/reindex", Reindex).Needs(Role.Admin).Returns<JobDetails>(202).Problems(409, "SEARCH_BEING_REINDEXED").Problems(422, "UNKNOWN_SEARCH_TYPE").Example(new { Types = ExampleTypes });
    }

    /// <summary>Search everything</summary>
    /// <remarks>Episodes first, then clips, wardrobe, scripts, shared assets, media and the rest, of all that the caller may read and that is not in the trash. Within each, what has the words as they stand, then what has the last one begun, then names that are nearly the same, these only where the others do not fill the page; within that the best first. `highlights` is HTML: the texts' own `&amp;`, `&lt;` and `&gt;` are escaped, and what was found stands in `mark` elements. Of each type 500 hits are counted, of scripts 200, the newest among them; `is_capped` says that there are more. `metadata.facets` counts the same hits.</remarks>
    /// <param name="q">Words, "phrases", or, -not; at most 500 characters.</param>
    /// <param name="types">Only these, separated by commas, such as `episode,script`.</param>
    /// <param name="tags">Only what bears each of these, separated by commas.</param>
    /// <param name="versions">Of scripts: `active`, or `all`.</param>
    /// <param name="limit">Hits in a page, 1 to 200.</param>
    /// <param name="cursor">`metadata.page.next_cursor` of the page before, of the same search.</param>
    private static async Task<IResult> Find(
        IMediator mediator, CancellationToken cancellationToken, string q = "", string? types = null, string? tags = null, string versions = "active",
        int limit = ListRequest.DefaultLimit, string? cursor = null) =>
        (await mediator.Send(new SearchAll(q, Split(types), Split(tags), versions, limit, cursor), cancellationToken)).Match(
            found => Respond.Page(
                found.Hits with { Items = [.. found.Hits.Items.Select(hit => hit with { Url = ApiGroup.Prefix + hit.Url })] }, found.Facets),
            Problem.From);

    /// <summary>Make the search columns anew</summary>
    /// <remarks>After a change of a text configuration, in batches, while everything is served; neither versions nor the change log move. One at a time. The job shows how far it is.</remarks>
    private static async Task<IResult> Reindex(Body<ReindexBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var begun = await mediator.Send(new ReindexSearch(body.Value.Types), cancellationToken);
        if (!begun.Succeeded) return Problem.From(begun.Errors);

        return (await mediator.Send(new GetJob(new(begun.Value)), cancellationToken)).Match(job => Respond.Accepted($"{ApiGroup.Prefix}/jobs/{begun.Value}", job), Problem.From);
    }

    private static string[] Split(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <param name="Types">Such as episode; left out, all that are searched.</param>
    internal sealed record ReindexBody(IReadOnlyList<string>? Types = null);

    /// <summary>How a search is answered.</summary>
    /// <param name="Data">The hits of this page.</param>
    /// <param name="Metadata">About this answer, its page and all hits.</param>
    /// <param name="Errors">Empty in a successful answer.</param>
    internal sealed record SearchEnvelope(IReadOnlyList<SearchHit> Data, SearchMetadata Metadata, IReadOnlyList<ProblemError> Errors);

    /// <summary>About an answer, its page and all hits.</summary>
    /// <param name="SchemaVersion">The version of the envelope.</param>
    /// <param name="Timestamp">When it was made.</param>
    /// <param name="RequestId">As in X-Request-Id, and in the log.</param>
    /// <param name="Page">Where in the list this page stands.</param>
    /// <param name="Facets">Of all pages together.</param>
    internal sealed record SearchMetadata(string SchemaVersion, DateTimeOffset Timestamp, string RequestId, PageInfo Page, SearchFacets Facets);
}
