using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Infrastructure.Records;
using MediatR;

namespace MediaPlatform.Api.Episodes;

internal static class EpisodeEndpoints
{
    private static readonly string[] ExampleTags = ["fashion", "new year"];

    public static void MapShows(this RouteGroupBuilder api)
    {
        var shows = api.MapResource<ShowFields, ShowDetails>(
            "/shows", "shows", new("Show", EpisodeKinds.Show, "a show", new { Title = "In Her Prime", Description = "A wardrobe a week", Tags = ExampleTags })
            {
                Refusals = [(409, "DEFAULT_SHOW_TAKEN"), (422, "VALIDATION_ERROR")],
            },
            "Newest first. `q` searches titles, tags and descriptions. A deletion takes the episodes along.").Routes;
        shows.MapGet("/{id:guid}/next-episode-number", NextNumber).Returns<NextEpisodeNumber>().Problems(400, "INVALID_NUMBER").Problems(404, "SHOW_NOT_FOUND").Problems(422, "VALIDATION_ERROR");
        shows.MapGet("/schedule", Schedule).Returns<ScheduledDate[]>().Problems(422, "SHOW_NOT_FOUND", "SCHEDULE_TOO_LONG", "VALIDATION_ERROR");
    }

    public static void MapEpisodes(this RouteGroupBuilder api)
    {
        var episodes = api.MapResource<EpisodeFields, EpisodeDetails>(
            "/episodes", "episodes", new("Episode", EpisodeKinds.Episode, "an episode", new { Title = "New Year Style Reset", Season = 1, Status = "draft", FilmingDate = "2026-01-05", Tags = ExampleTags })
            {
                Refusals =
                [
                    (422, "BACKGROUND_NOT_FOUND"), (422, "BACKGROUND_VERSION_NOT_FOUND"), (409, "EPISODE_NUMBER_TAKEN"), (409, "OUTFIT_WORN_ALREADY"), (409, "SCRIPT_VERSION_LIMIT"), (422, "OUTFIT_IN_TRASH"), (422, "OUTFIT_NOT_FOUND"), (422, "OUTFIT_TOO_LARGE"),
                    (422, "SHOW_NOT_FOUND"), (422, "UI_ELEMENT_NOT_FOUND"), (422, "UI_ELEMENT_VERSION_NOT_FOUND"), (422, "VALIDATION_ERROR"), (422, "WARDROBE_ITEM_NOT_FOUND"),
                ],
                Remarks = "One that becomes published without `released_at` was released now. `content.script` that is another file than the script's is a new version of it; `wardrobe` is that of the main outfit.",
            },
            "Newest first. `q` searches titles, tags, locations and descriptions. A condition on `wardrobe.X` holds for `wardrobe.main_outfit.X` as well, and for any outfit of an episode.").Routes;
        episodes.MapGet("/search", Search).Lists<EpisodeDetails>(((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<FieldsOf<EpisodeDetails>>().Fields);
    }

    /// <summary>Suggest the next episode's number</summary>
    /// <remarks>One after the last of the season, or of the show's last season. It is not reserved: whoever writes it first has it.</remarks>
    /// <param name="id">The show.</param>
    /// <param name="season">0 to 10,000; left out, the last that the show has.</param>
    private static async Task<IResult> NextNumber(Guid id, IMediator mediator, CancellationToken cancellationToken, int? season = null) =>
        (await mediator.Send(new SuggestEpisodeNumber(id, season), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Search episodes</summary>
    /// <remarks>As the list: by any field, such as `?wardrobe.shoes.color=nude` or `?wardrobe.main_outfit.top.color=champagne&amp;status=published`.</remarks>
    private static async Task<IResult> Search(ListQuery query, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListRecords<EpisodeDetails>(query.Request), cancellationToken)).Match(Respond.Page, Problem.From);

    /// <summary>What is due between two days</summary>
    /// <remarks>Dates of filming, of edits, of publishing and of release, across shows, in their order; at most 366 days, and 1,000 dates. `is_over` says that a date is past and the episode not as far.</remarks>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day.</param>
    /// <param name="show_id">Of one show alone.</param>
    private static async Task<IResult> Schedule(DateOnly from, DateOnly to, IMediator mediator, CancellationToken cancellationToken, Guid? show_id = null) =>
        (await mediator.Send(new GetSchedule(from, to, show_id), cancellationToken)).Match(Respond.Ok, Problem.From);
}
