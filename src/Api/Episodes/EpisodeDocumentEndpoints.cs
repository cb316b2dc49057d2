using System.Text.Json;
using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;
using MediaPlatform.Domain.Schema;
using MediatR;

namespace MediaPlatform.Api.Episodes;

/// <summary>The parts of an episode that have paths of their own; each is the same as in the episode itself.</summary>
internal static class EpisodeDocumentEndpoints
{
    private static readonly object Closet = new { MainCloset = "s3://bucket/backgrounds/closet_main_v3.jpg", Photoshoot = "s3://bucket/backgrounds/studio_white_seamless.jpg" };
    private static readonly object Screen = new { ComputerMouse = "s3://bucket/ui/mouse_icon_gold.svg", ScreenAccessories = new { Exit = "s3://bucket/ui/exit_champagne.svg" } };
    private static readonly object Outfit = new { MainOutfit = new { OutfitType = "separates", Top = new { Style = "silk blouse", Color = "champagne" } }, Shoes = new { Style = "pointed toe pumps", Color = "nude" } };

    public static void MapEpisodeDocuments(this RouteGroupBuilder api)
    {
        var episode = api.MapGroup("/episodes/{id:guid}").Needs(Role.Viewer);
        Map(episode, "/wardrobe", "Wardrobe", "what is worn in an episode", shown => shown.Wardrobe, (fields, given) => fields with { Wardrobe = given }, Outfit,
                "A document as the episode's `wardrobe` has it, or an `outfit_id` alone, which takes the outfit as it is now. It becomes the main outfit; others stay. A piece that is nothing but "
                + "an `item_id` is filled in from the catalogue. An empty document takes all outfits off. Whatever fails changes nothing. What is worn again within the client's days of "
                + "cool-down is told as a warning, `OUTFIT_WORN_RECENTLY` or `ITEMS_WORN_RECENTLY`.")
            .Problems(409, "OUTFIT_WORN_ALREADY").Problems(422, "OUTFIT_IN_TRASH", "OUTFIT_NOT_FOUND", "OUTFIT_TOO_LARGE", "WARDROBE_ITEM_NOT_FOUND");
        Map(episode, "/ui-elements", "UiElements", "the UI elements of an episode", shown => shown.UiElements, (fields, given) => fields with { UiElements = given }, Screen, Shared("ui_element"))
            .Problems(422, "UI_ELEMENT_NOT_FOUND", "UI_ELEMENT_VERSION_NOT_FOUND");
        Map(episode, "/backgrounds", "Backgrounds", "the backgrounds of an episode", shown => shown.Backgrounds, (fields, given) => fields with { Backgrounds = given }, Closet, Shared("background"))
            .Problems(422, "BACKGROUND_NOT_FOUND", "BACKGROUND_VERSION_NOT_FOUND");

        Called(episode.MapGet("/trailer", (Guid id, IMediator mediator, CancellationToken cancellationToken) => Show(id, TrailerOf, [], mediator, cancellationToken)),
            "GetTrailer", "Get the trailer of an episode", "Where it lies, as in the episode's `content`; null where there is none.").Returns<TrailerBody>(versioned: true);
        Called(episode.MapPut("/trailer", (Guid id, Body<TrailerBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
                Write(id, fields => fields with { Content = new(Script: null, body.Value.Trailer) }, TrailerOf, ifMatch, mediator, cancellationToken)),
            "PutTrailer", "Write the trailer of an episode", "Where it lies; null empties it. The script stays.")
            .Needs(Role.Editor).Returns<TrailerBody>(versioned: true).Problems(422, CustomFieldErrors.Required, "VALIDATION_ERROR").Example(new { Trailer = "s3://bucket/trailers/ep_abc123_trailer.mp4" });
        Called(episode.MapPost("/status", (Guid id, Body<StatusBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
                Write<object>(id, fields => fields with { Status = body.Value.Status }, shown => shown, ifMatch, mediator, cancellationToken)),
            "SetStatus", "Say how far an episode is", "Any status may follow any. One that becomes published was released now, unless `released_at` says when.")
            .Needs(Role.Editor).Returns<EpisodeDetails>(versioned: true).Problems(422, CustomFieldErrors.Required, "VALIDATION_ERROR").Example(new { Status = "in_production" });
    }

    private static string Shared(string kind) =>
        $"Roles, such as `main_closet`, and what stands there: a file as s3://bucket/key, which is that {kind.Replace('_', ' ')} of the catalogue that has it in any version, or becomes a new one; "
        + $"or an object with `{kind}_id`, and a `version` if it is not the active one. An episode goes on showing the version that it was given. Whatever fails changes nothing.";

    private static RouteHandlerBuilder Map(
        RouteGroupBuilder episode, string path, string name, string what, Func<EpisodeDetails, JsonElement> get, Func<EpisodeFields, JsonElement, EpisodeFields> set, object example, string remarks)
    {
        Called(episode.MapGet(path, (Guid id, IMediator mediator, CancellationToken cancellationToken) => Show(id, get, [], mediator, cancellationToken)),
            $"Get{name}", $"Get {what}", "As in the episode itself; `{}` where there is nothing.").Returns<Dictionary<string, JsonElement>>(versioned: true).Example(example);
        return Called(episode.MapPut(path, (Guid id, Body<Dictionary<string, JsonElement>> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
                Write(id, fields => set(fields, JsonSerializer.SerializeToElement(body.Value, MergePatch.AsWritten)), get, ifMatch, mediator, cancellationToken)),
            $"Put{name}", $"Write {what}", remarks)
            .Needs(Role.Editor).Returns<Dictionary<string, JsonElement>>(versioned: true).Problems(400, "INVALID_NUMBER").Problems(422, CustomFieldErrors.Required, "VALIDATION_ERROR").Example(example);
    }

    private static RouteHandlerBuilder Called(RouteHandlerBuilder endpoint, string verb, string summary, string description) => endpoint
        .WithName($"Episode_{verb}").WithTags("Episode").WithSummary(summary).WithDescription($"{description} `If-Match` names the version of the episode.").Problems(404, "EPISODE_NOT_FOUND").Problems(410, "EPISODE_IN_TRASH");

    private static async Task<IResult> Write<T>(Guid id, Func<EpisodeFields, EpisodeFields> edit, Func<EpisodeDetails, T> shown, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var written = await mediator.Send(new ChangeEpisode(id, edit, ifMatch.Version), cancellationToken);
        return written.Succeeded ? await Show(id, shown, written.Value.Findings, mediator, cancellationToken) : Problem.From(written.Errors);
    }

    private static async Task<IResult> Show<T>(Guid id, Func<EpisodeDetails, T> shown, IReadOnlyList<Finding> findings, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetRecord<EpisodeDetails>(id, IncludeDeleted: false), cancellationToken)).Match(episode => Respond.Item(shown(episode), episode.Version, Warning.Of(findings)), Problem.From);

    private static TrailerBody TrailerOf(EpisodeDetails episode) => new(episode.Content.TryGetProperty("trailer", out var trailer) ? trailer.GetString() : null);

    /// <param name="Trailer">Such as s3://bucket/key, or a URL; at most 2,000 characters.</param>
    internal sealed record TrailerBody(string? Trailer);

    /// <param name="Status">draft, in_production, ready_for_edit, ready_for_publish, published, archived, on_hold or canceled; hyphens do as well.</param>
    internal sealed record StatusBody(EpisodeStatus Status);
}
