using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Episodes;
using MediatR;

namespace MediaPlatform.Api.Episodes;

internal static class ComponentEndpoints
{
    private static readonly object Example = new
    {
        EpisodeId = Guid.Empty, Type = "audio", Subtype = "background_music", FileReference = "s3://bucket/audio/ep_abc123_bg_music.mp3", DurationSeconds = 1800, Status = "ready", Version = "1.0",
        Metadata = new { TrackName = "Uplifting Corporate", License = "royalty_free" },
    };

    public static void MapComponents(this RouteGroupBuilder api)
    {
        var components = api.MapResource<ComponentFields, ComponentDetails>(
            "/components", "components", new("Component", EpisodeKinds.Component, "a component", Example)
            {
                Refusals = [(422, "ASSET_NOT_FOUND"), (422, "EPISODE_NOT_FOUND"), (422, "VALIDATION_ERROR")],
                Remarks = "`version` is the team's own, as text; `revision` counts the changes of the record, and is what the ETag begins with.",
            },
            "Newest first. `metadata.artist=` asks for what stands in the metadata; `q` searches types, subtypes, tags, notes and file names.");
        api.MapOfEpisode(components, "components").MapRemove(
                async (Guid id, Guid part_id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken, string? reason = null) =>
                    (await mediator.Send(new TrashRecord<ComponentFields>(part_id, reason, ifMatch.Version, PartsOfEpisodes.IsIn<ComponentFields>(id)), cancellationToken))
                    .Match(trashed => Respond.Ok(DeletedBody.Of(trashed)), Problem.From),
                "Move a component of an episode to the trash", "It belongs to its episode, so that it has nowhere else to be. `reason` is kept.")
            .Returns<DeletedBody>().Problems(422, "VALIDATION_ERROR");
    }
}
