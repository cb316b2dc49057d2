using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Schema;
using MediatR;

namespace MediaPlatform.Api.Episodes;

internal static class ClipEndpoints
{
    private static readonly object Example = new
    {
        TalentSource = "Lala", ClipType = "raw", FileReference = "s3://footage/ep_abc123/lala_take_01.mov", DurationSeconds = 245, TimecodeIn = "00:00:00:00", TimecodeOut = "00:04:05:00",
        FrameRate = 25, SceneDescription = "Opening monologue", TakeNumber = 1, QualityRating = "good", Status = "approved",
    };

    private static readonly (int Status, string Code)[] Refusals =
    [
        (422, "ASSET_NOT_FOUND"), (422, "EPISODE_NOT_FOUND"), (422, "GUEST_NAME_WITHOUT_GUEST"), (422, "GUEST_NOT_FOUND"), (422, "TIMECODE_FRAME_RATE"), (422, "TIMECODE_INVALID"), (422, "TIMECODE_OUT_NOT_AFTER_IN"),
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
        api.MapOfEpisode(clips, "clips").MapRemove(
                (Guid id, Guid part_id, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
                    clips.Send(new AssignClip(part_id, EpisodeId: null, ifMatch.Version, From: id), mediator, services, cancellationToken),
                "Take a clip out of an episode", "It goes back into the library and waits to be assigned; `DELETE /clips/{id}` moves it to the trash.")
            .Returns<ClipDetails>(versioned: true).Problems(422, Required);
    }

    /// <param name="EpisodeId">Where to.</param>
    internal sealed record AssignBody(Guid EpisodeId);
}
