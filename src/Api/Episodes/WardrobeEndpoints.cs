using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Api.Episodes;

internal static class WardrobeEndpoints
{
    private static readonly string[] ExampleTags = ["evening", "gold"];

    public static void MapWardrobeItems(this RouteGroupBuilder api) => api.MapResource<WardrobeItemFields, WardrobeItemDetails>(
        "/wardrobe-items", "wardrobe items",
        new("WardrobeItem", EpisodeKinds.WardrobeItem, "a wardrobe item", new
        {
            Slot = "shoes", Name = "So Kate", Style = "pointed toe pumps", Color = "nude", Brand = "Christian Louboutin", Size = "38", Attributes = new { HeelHeight = "4 inches" }, Tags = ExampleTags,
        })
        {
            Refusals = [(422, "ASSET_NOT_FOUND"), (422, "VALIDATION_ERROR")],
            Remarks = "An item with the same page, or with the same brand, name and size, is told as a warning `DUPLICATE_WARDROBE_ITEM` with the ids of the others, and written all the same.",
        },
        "Newest first. `q` searches names, brands, tags, styles, colours, patterns, slots and notes.");
}
