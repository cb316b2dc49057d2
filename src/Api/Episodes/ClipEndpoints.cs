using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;
using MediaPlatform.Domain.Schema;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;
using MediatR;

namespace MediaPlatform.Api.Episodes;

internal static class ClipEndpoints
{
    private static readonly object Example = new
    {
        TalentSource = "Lala", ClipType = "raw", FileReference = "s3://footage/ep_abc123/lala_take_01.mov", DurationSeconds = 245, TimecodeIn = "00:00:00:00", TimecodeOut = "00:04:05:00",
        FrameRate = 25, SceneDescription = "Opening monologue", TakeNumber = 1, QualityRating = "good", Status = "approved",
    };

    private const string Entity = "clips"; // whose permissions are asked for, also below an episode

    private static readonly (int Status, string Code)[] Refusals =
    [
        (422, "ASSET_NOT_FOUND"), (422, "EPISODE_NOT_FOUND"), (422, "GUEST_NAME_WITHOUT_GUEST"), (422, "TIMECODE_FRAME_RATE"), (422, "TIMECODE_INVALID"), (422, "TIMECODE_OUT_NOT_AFTER_IN"),
        (422, "UNKNOWN_TALENT_SOURCE"), (422, "VALIDATION_ERROR"),
    ];

    // whoever moves a clip writes it, and what is required of it must be there by then
    private const string Required = CustomFieldErrors.Required;

    public static void MapTalentSources(this RouteGroupBuilder api) => api.MapResource<TalentSourceFields, TalentSourceDetails>(
        "/talent-sources", "talent sources", new("TalentSource", EpisodeKinds.TalentSource, "a talent source", new { Name = "Mo", Description = "Hosts the street interviews" })
        {
            Refusals = [(409, "TALENT_SOURCE_NAME_TAKEN"), (422, "VALIDATION_ERROR"), (423, "TALENT_SOURCE_NAME_FIXED")],
            Remarks = "Clips name it by its name, which stays.",
        },
        "Newest first. Every client begins with Lala, JustAWomanInHerPrime and Guest. `q` searches names, tags and descriptions.");

    public static void MapClips(this RouteGroupBuilder api)
    {
        var clips = api.MapResource<ClipFields, ClipDetails>(
            "/clips", "clips", new("Clip", EpisodeKinds.Clip, "a clip", Example)
            {
                Refusals = Refusals,
                Remarks = "A clip of the same footage, by its hash or by file name and duration, is told as a warning `DUPLICATE_CLIP` with the ids of the others, and written all the same.",
            },
            "Newest first. `episode_id[null]=true` are those that wait to be assigned. `q` searches scenes, characters, tags, talent, notes and file names.");
        clips.MapVerb("Unassign", "Put a clip back into the library", (id, seen) => new AssignClip(id, EpisodeId: null, seen)).Problems(422, Required);
        clips.Routes.MapPost("/{id:guid}/assign", (Guid id, Body<AssignBody> body, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                clips.Send(new AssignClip(id, body.Value.EpisodeId, ifMatch.Version), mediator, services, cancellationToken))
            .WithName("Clip_Assign").WithTags("Clip").WithSummary("Put a clip into an episode").WithDescription("From the library, or out of the episode that it is in.")
            .Needs(Role.Editor).Returns<ClipDetails>(versioned: true).Problems(404, "CLIP_NOT_FOUND").Problems(410, "CLIP_IN_TRASH").Problems(422, "EPISODE_NOT_FOUND", Required).Example(new { EpisodeId = Guid.Empty });
        MapOfEpisode(api, clips);
    }

    /// <summary>The clips of one episode, at the paths of the episode.</summary>
    private static void MapOfEpisode(RouteGroupBuilder api, RecordGroup<ClipFields, ClipDetails> clips)
    {
        var fields = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<FieldsOf<ClipDetails>>().Fields;
        var group = api.MapGroup("/episodes/{id:guid}/clips").Needs(Role.Viewer, Entity);
        group.MapGet("/", async (Guid id, ListQuery query, IMediator mediator, CancellationToken cancellationToken) =>
            {
                var episode = await mediator.Send(new GetRecord<EpisodeDetails>(id, IncludeDeleted: false), cancellationToken);
                if (!episode.Succeeded) return Problem.From(episode.Errors);

                var own = query.Request with { Conditions = [.. query.Request.Conditions, new Condition("episode_id", Operator.Eq, [id.ToString()])] };
                return (await mediator.Send(new ListRecords<ClipDetails>(own), cancellationToken)).Match(Respond.Page, Problem.From);
            })
            .Named("List", "List the clips of an episode", "As `/clips`, of this episode alone, by the permissions on clips.")
            .Lists<ClipDetails>(fields).Problems(404, "EPISODE_NOT_FOUND").Problems(410, "EPISODE_IN_TRASH");
        group.MapPost("/", async (Guid id, Body<ClipFields> body, HttpRequest request, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
            {
                var episode = await mediator.Send(new GetRecord<EpisodeDetails>(id, IncludeDeleted: false), cancellationToken);
                if (!episode.Succeeded) return Problem.From(episode.Errors);

                var created = await mediator.Send(new CreateRecord<ClipFields>(body.Value with { EpisodeId = id }), cancellationToken);
                if (!created.Succeeded) return Problem.From(created.Errors);
                return (await clips.Of.Show(created.Value.Id, false, services, cancellationToken))
                    .Match(shown => Respond.Created($"{request.Path.Value!.TrimEnd('/')}/{created.Value.Id}", shown.Body, shown.Version, Warning.Of(created.Value.Findings)), Problem.From);
            })
            .Named("Create", "Add a clip to an episode", "The episode is the path's, whatever the body says.").WithMetadata(new ShownAsMetadata(typeof(ClipDetails))).Example(Example)
            .Needs(Role.Editor, Entity).Returns<ClipDetails>(201, versioned: true).Problems(400, "INVALID_NUMBER").Problems(404, "EPISODE_NOT_FOUND").Problems(410, "EPISODE_IN_TRASH").Refuses();
        group.MapGet("/{clip_id:guid}", async (Guid id, Guid clip_id, IServiceProvider services, CancellationToken cancellationToken) =>
            {
                var shown = await clips.Of.Show(clip_id, false, services, cancellationToken);
                return shown.Succeeded && shown.Value.Body.EpisodeId != id ? Problem.From([new RecordNotFound(EpisodeKinds.Clip, clip_id)]) : shown.Match(clip => Respond.Item(clip.Body, clip.Version), Problem.From);
            })
            .Named("Get", "Get a clip of an episode", "One that is in another episode is not found here.").Returns<ClipDetails>(versioned: true).Problems(404, "CLIP_NOT_FOUND").Problems(410, "CLIP_IN_TRASH");
        group.MapPut("/{clip_id:guid}", (Guid id, Guid clip_id, Body<ClipFields> body, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                clips.Send(new EditClipOfEpisode(id, clip_id, _ => body.Value, ifMatch.Version), mediator, services, cancellationToken))
            .Named("Replace", "Replace a clip of an episode", "It stays in the episode; `/clips/{id}/assign` moves it.").WithMetadata(new ShownAsMetadata(typeof(ClipDetails))).Example(Example)
            .Needs(Role.Editor, Entity).Returns<ClipDetails>(versioned: true).Problems(400, "INVALID_NUMBER").Problems(404, "CLIP_NOT_FOUND").Problems(410, "CLIP_IN_TRASH").Refuses();
        group.MapPatch("/{clip_id:guid}", (Guid id, Guid clip_id, MergePatch patch, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                clips.Send(new EditClipOfEpisode(id, clip_id, patch.Edit<ClipFields>(typeof(ClipDetails)), ifMatch.Version), mediator, services, cancellationToken))
            .Named("Change", "Change a clip of an episode", "A JSON merge patch. It stays in the episode; `/clips/{id}/assign` moves it.").WithMetadata(new BodyMetadata(typeof(ClipFields), IsPatch: true)).Example(Example)
            .Needs(Role.Editor, Entity).Returns<ClipDetails>(versioned: true).Problems(400, "INVALID_NUMBER").Problems(404, "CLIP_NOT_FOUND").Problems(410, "CLIP_IN_TRASH").Refuses();
        group.MapDelete("/{clip_id:guid}", (Guid id, Guid clip_id, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                clips.Send(new AssignClip(clip_id, EpisodeId: null, ifMatch.Version, From: id), mediator, services, cancellationToken))
            .Named("Remove", "Take a clip out of an episode", "It goes back into the library and waits to be assigned; `DELETE /clips/{id}` moves it to the trash.")
            .Needs(Role.Editor, Entity).Returns<ClipDetails>(versioned: true).Problems(404, "CLIP_NOT_FOUND").Problems(410, "CLIP_IN_TRASH").Problems(422, Required);
    }

    private static RouteHandlerBuilder Named(this RouteHandlerBuilder endpoint, string verb, string summary, string description) =>
        endpoint.WithName($"EpisodeClip_{verb}").WithTags("Episode").WithSummary(summary).WithDescription(description);

    private static void Refuses(this RouteHandlerBuilder endpoint)
    {
        foreach (var (status, code) in Refusals) endpoint.Problems(status, code);
        endpoint.Problems(422, [.. CustomFieldErrors.Codes]);
    }

    /// <param name="EpisodeId">Where to.</param>
    internal sealed record AssignBody(Guid EpisodeId);
}
