using System.Text.Json;
using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;
using MediaPlatform.Domain.Schema;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;
using MediatR;

namespace MediaPlatform.Api.Episodes;

/// <summary>The records of a kind that stand in one episode, at the paths of the episode, by the permissions on their own kind.</summary>
internal static class PartsOfEpisodes
{
    private const string Parent = "episode_id";

    /// <param name="segment">Of the path, such as <c>clips</c>; the permissions are those on it.</param>
    /// <returns>The group, for what removes one: that is another thing for each kind.</returns>
    public static PartGroup<TFields, TDetails> MapOfEpisode<TFields, TDetails>(this RouteGroupBuilder api, RecordGroup<TFields, TDetails> records, string segment)
        where TFields : class, IPartOfEpisode<TFields>
        where TDetails : IRecordDetails, IShownInEpisode
    {
        var routes = records.Of;
        var (code, part) = (routes.Kind.Code, routes.Kind.Noun.ToLowerInvariant());
        var fields = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<FieldsOf<TDetails>>().Fields;
        var group = new PartGroup<TFields, TDetails>(api.MapGroup($"/episodes/{{id:guid}}/{segment}").Needs(Role.Viewer, segment), records, segment);

        group.Named(
                group.Routes.MapGet("/", async (Guid id, ListQuery query, IMediator mediator, CancellationToken cancellationToken) =>
                {
                    var episode = await mediator.Send(new GetRecord<EpisodeDetails>(id, IncludeDeleted: false), cancellationToken);
                    if (!episode.Succeeded) return Problem.From(episode.Errors);

                    var own = query.Request with { Conditions = [.. query.Request.Conditions, new Condition(Parent, Operator.Eq, [id.ToString()])] };
                    return (await mediator.Send(new ListRecords<TDetails>(own), cancellationToken)).Match(Respond.Page, Problem.From);
                }),
                "List", $"List the {segment} of an episode", $"As `/{segment}`, of this episode alone, by the permissions on {segment}.")
            .Lists<TDetails>(fields).Problems(404, "EPISODE_NOT_FOUND").Problems(410, "EPISODE_IN_TRASH");

        Takes(group.Named(
                group.Routes.MapPost("/", async (Guid id, Body<TFields> body, HttpRequest request, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                {
                    var episode = await mediator.Send(new GetRecord<EpisodeDetails>(id, IncludeDeleted: false), cancellationToken);
                    if (!episode.Succeeded) return Problem.From(episode.Errors);

                    var created = await mediator.Send(new CreateRecord<TFields>(body.Value.In(id)), cancellationToken);
                    if (!created.Succeeded) return Problem.From(created.Errors);
                    return (await routes.Show(created.Value.Id, false, services, cancellationToken))
                        .Match(shown => Respond.Created($"{request.Path.Value!.TrimEnd('/')}/{created.Value.Id}", shown.Body, shown.Version, Warning.Of(created.Value.Findings)), Problem.From);
                }),
                "Create", $"Add {routes.One} to an episode", "The episode is the path's, whatever the body says.")
            .WithMetadata(new ShownAsMetadata(typeof(TDetails), Parent)).Returns<TDetails>(201, versioned: true).Problems(404, "EPISODE_NOT_FOUND").Problems(410, "EPISODE_IN_TRASH"));

        Finds(group.Named(
            group.Routes.MapGet("/{part_id:guid}", async (Guid id, Guid part_id, IServiceProvider services, CancellationToken cancellationToken) =>
            {
                var shown = await routes.Show(part_id, false, services, cancellationToken);
                var isHere = !shown.Succeeded || shown.Value.Body.EpisodeId == id;
                return isHere ? shown.Match(found => Respond.Item(found.Body, found.Version), Problem.From) : Problem.From([new RecordNotFound(routes.Kind, part_id)]);
            }),
            "Get", $"Get {routes.One} of an episode", "One that is in another episode is not found here."));

        Takes(Finds(group.Named(
                group.Routes.MapPut("/{part_id:guid}", (Guid id, Guid part_id, Body<TFields> body, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                    records.Send(new EditRecord<TFields>(part_id, _ => body.Value.In(id), ifMatch.Version, IsIn<TFields>(id)), mediator, services, cancellationToken)),
                "Replace", $"Replace {routes.One} of an episode", $"The {part} stays in the episode, whatever the body says.")
            .WithMetadata(new ShownAsMetadata(typeof(TDetails), Parent))));

        Takes(Finds(group.Named(
                group.Routes.MapPatch("/{part_id:guid}", (Guid id, Guid part_id, MergePatch patch, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                    records.Send(new EditRecord<TFields>(part_id, Within(id, patch.Edit<TFields>(typeof(TDetails), Parent)), ifMatch.Version, IsIn<TFields>(id)), mediator, services, cancellationToken)),
                "Change", $"Change {routes.One} of an episode", $"A JSON merge patch. The {part} stays in the episode, whatever the patch says.")
            .WithMetadata(new BodyMetadata(typeof(TFields), IsPatch: true))));
        return group;

        RouteHandlerBuilder Takes(RouteHandlerBuilder endpoint)
        {
            endpoint.Needs(Role.Editor, segment).Example(routes.Example).Problems(400, "INVALID_NUMBER");
            foreach (var (status, refusal) in routes.Refusals) endpoint.Problems(status, refusal);
            endpoint.Problems(422, [.. CustomFieldErrors.Codes]);
            return endpoint;
        }

        RouteHandlerBuilder Finds(RouteHandlerBuilder endpoint) => endpoint.Returns<TDetails>(versioned: true).Problems(404, $"{code}_NOT_FOUND").Problems(410, $"{code}_IN_TRASH");
    }

    /// <summary>The same edit, in an episode.</summary>
    private static Func<JsonElement, Result<TFields>> Within<TFields>(Guid episode, Func<JsonElement, Result<TFields>> edit)
        where TFields : IPartOfEpisode<TFields> => current =>
    {
        var edited = edit(current);
        return edited.Succeeded ? edited.Value.In(episode) : edited;
    };

    /// <summary>That it stands in this episode.</summary>
    public static Func<TFields, bool> IsIn<TFields>(Guid episode)
        where TFields : IPartOfEpisode<TFields> => fields => fields.EpisodeId == episode;
}

/// <summary>The records of a kind at the paths of an episode.</summary>
internal sealed record PartGroup<TFields, TDetails>(RouteGroupBuilder Routes, RecordGroup<TFields, TDetails> Records, string Segment)
    where TFields : class
    where TDetails : notnull
{
    public RouteHandlerBuilder Named(RouteHandlerBuilder endpoint, string verb, string summary, string description) =>
        endpoint.WithName($"Episode{Records.Of.Name}_{verb}").WithTags("Episode").WithSummary(summary).WithDescription(description);

    /// <summary><c>DELETE</c> of one.</summary>
    public RouteHandlerBuilder MapRemove(Delegate handler, string summary, string description) =>
        Named(Routes.MapDelete("/{part_id:guid}", handler), "Remove", summary, description)
            .Needs(Role.Editor, Segment).Problems(404, $"{Records.Of.Kind.Code}_NOT_FOUND").Problems(410, $"{Records.Of.Kind.Code}_IN_TRASH");
}
