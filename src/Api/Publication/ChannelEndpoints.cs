using MediaPlatform.Api.Http;
using MediaPlatform.Application.Publication;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Api.Publication;

internal static class ChannelEndpoints
{
    public static void MapChannels(this RouteGroupBuilder api)
    {
        api.MapResource<ChannelFields, ChannelDetails>(
            "/channels", "channels", new("Channel", PublicationKinds.Channel, "a channel", new { Name = "Daylight Weekly" })
            {
                Refusals = [(409, "CHANNEL_NAME_TAKEN"), (422, "VALIDATION_ERROR")], KeepsSome = true,
            },
            "Newest first. `q` searches names, tags and notes. A deletion takes the sets along; a channel with raw credits stays in the trash.");
        api.MapLinks<ChannelLabelLink, ChannelLabelDetails>(
            new(PublicationKinds.ChannelLabel, "/channels/{id:guid}/labels", ["label_id:guid"], "Channel", "Label", "a label of a channel", "the labels of a channel", new { Confidence = 0.8, Notes = "By its imprint" })
            {
                Remarks = "It is evidence for each set of the channel, and no more than that.",
            });
    }
}
