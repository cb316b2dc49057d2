using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediatR;

namespace MediaPlatform.Api.Episodes;

internal static class OutfitEndpoints
{
    private const string Episodes = "episodes"; // whose permissions are asked for where episodes are shown

    public static void MapOutfits(this RouteGroupBuilder api)
    {
        var outfits = api.MapResource<OutfitFields, OutfitDetails>(
            "/outfits", "outfits",
            new("Outfit", EpisodeKinds.Outfit, "an outfit", new { Name = "Champagne and black", OutfitType = "separates", Pattern = "solid", WornBy = "Lala" })
            {
                Refusals =
                [
                    (422, "ASSET_NOT_FOUND"), (422, "OUTFIT_ITEM_TWICE"), (422, "OUTFIT_SLOT_TAKEN"), (422, "VALIDATION_ERROR"), (422, "WARDROBE_ITEM_NOT_FOUND"),
                ],
                Remarks = "Episodes in which it is worn show it as it was when it was put on.",
            },
            "Newest first. `q` searches names, tags, wearers, types, patterns, notes, and names, brands, colours, styles and slots of the items.").Routes;
        outfits.MapGet("/{id:guid}/history", History).Needs(Role.Viewer, Episodes).Returns<WornInEpisode[]>().Problems(404, "OUTFIT_NOT_FOUND").Problems(410, "OUTFIT_IN_TRASH");
        outfits.MapGet("/{id:guid}/conflicts", Conflicts).Needs(Role.Viewer, Episodes).Returns<WearConflict[]>()
            .Problems(404, "OUTFIT_NOT_FOUND").Problems(410, "OUTFIT_IN_TRASH").Problems(422, "EPISODE_NOT_FOUND", "WEAR_DATE_UNKNOWN", "VALIDATION_ERROR");

        api.MapGet("/wardrobe-items/{id:guid}/usage", Usage).Needs(Role.Viewer, Episodes).Returns<ItemUsage>().Problems(404, "WARDROBE_ITEM_NOT_FOUND").Problems(410, "WARDROBE_ITEM_IN_TRASH");
    }

    public static void MapEpisodeOutfits(this RouteGroupBuilder api)
    {
        var episode = api.MapGroup("/episodes/{id:guid}").Needs(Role.Viewer);
        OfEpisode(episode.MapGet("/outfits", List)).Returns<EpisodeOutfitDetails[]>();
        OfEpisode(episode.MapGet("/outfits/conflicts", EpisodeConflicts)).Returns<WearConflict[]>().Problems(422, "VALIDATION_ERROR");
        OfEpisode(episode.MapPost("/outfits", PutOn)).Needs(Role.Editor).Returns<EpisodeOutfitDetails>(201, versioned: true).Problems(409, "EPISODE_OUTFIT_LIMIT", "OUTFIT_WORN_ALREADY")
            .Problems(422, "OUTFIT_IN_TRASH", "OUTFIT_NOT_FOUND", "OUTFIT_TOO_LARGE", "VALIDATION_ERROR").Example(new { OutfitId = Guid.Empty, WornBy = "Lala", Scene = "Opening" });
        OfEpisode(episode.MapGet("/outfits/{outfit_id:guid}", GetOne)).Returns<EpisodeOutfitDetails>(versioned: true).Problems(404, "EPISODE_OUTFIT_NOT_FOUND");
        OfEpisode(episode.MapPatch("/outfits/{outfit_id:guid}", Change)).Needs(Role.Editor).Returns<EpisodeOutfitDetails>(versioned: true).Problems(404, "EPISODE_OUTFIT_NOT_FOUND")
            .Problems(422, "VALIDATION_ERROR").Example(new { Scene = "Rooftop", Place = 0 });
        OfEpisode(episode.MapDelete("/outfits/{outfit_id:guid}", TakeOff)).Needs(Role.Editor).Returns<EpisodeOutfitDetails[]>().Problems(404, "EPISODE_OUTFIT_NOT_FOUND");
        OfEpisode(episode.MapPost("/outfits/{outfit_id:guid}/refresh", Refresh)).Needs(Role.Editor).Returns<EpisodeOutfitDetails>(versioned: true).Problems(404, "EPISODE_OUTFIT_NOT_FOUND")
            .Problems(422, "OUTFIT_IN_TRASH", "OUTFIT_NOT_FOUND", "OUTFIT_TOO_LARGE").Problems(423, "EPISODE_OUTFIT_WITHOUT_OUTFIT");
    }

    private static RouteHandlerBuilder OfEpisode(RouteHandlerBuilder endpoint)
    {
        endpoint.Add(built => built.Metadata.Add(new EndpointNameMetadata($"EpisodeOutfit_{built.Metadata.OfType<System.Reflection.MethodInfo>().First().Name}")));
        return endpoint.WithTags("Episode").Problems(404, "EPISODE_NOT_FOUND").Problems(410, "EPISODE_IN_TRASH");
    }

    /// <summary>Where an outfit was worn</summary>
    /// <remarks>The latest day first, as it was worn there; at most 500. Episodes in the trash are left out.</remarks>
    /// <param name="id">The outfit.</param>
    private static async Task<IResult> History(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        await Of<OutfitDetails, WornInEpisode[]>(id, new GetOutfitHistory(id), mediator, cancellationToken);

    /// <summary>What speaks against wearing an outfit</summary>
    /// <remarks>Episodes within the days of cool-down in which it, or pieces of it, are worn: the nearest first, at most 200. A day is that of publishing, of release, or of filming. Canceled episodes do not count.</remarks>
    /// <param name="id">The outfit.</param>
    /// <param name="date">The day on which it is to be worn; left out, that of the episode.</param>
    /// <param name="episode_id">In which it is to be worn, and which does not count.</param>
    /// <param name="cool_down_days">0 to 3,650; left out, the client's `wardrobe_cool_down_days`.</param>
    private static async Task<IResult> Conflicts(
        Guid id, IMediator mediator, CancellationToken cancellationToken, DateOnly? date = null, Guid? episode_id = null, int? cool_down_days = null) =>
        await Of<OutfitDetails, WearConflict[]>(id, new GetOutfitConflicts(id, date, episode_id, cool_down_days), mediator, cancellationToken);

    /// <summary>Where an item is used</summary>
    /// <remarks>The outfits that it is part of now, and the episodes in which it was worn, each at most 500; what is in the trash is left out.</remarks>
    /// <param name="id">The wardrobe item.</param>
    private static async Task<IResult> Usage(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        await Of<WardrobeItemDetails, ItemUsage>(id, new GetItemUsage(id), mediator, cancellationToken);

    /// <summary>List the outfits of an episode</summary>
    /// <remarks>The main one first, each as it was when it was put on.</remarks>
    /// <param name="id">The episode.</param>
    private static async Task<IResult> List(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        await Of<EpisodeDetails, EpisodeOutfitDetails[]>(id, new ListEpisodeOutfits(id), mediator, cancellationToken);

    /// <summary>What speaks against the outfits of an episode</summary>
    /// <remarks>Other episodes within the days of cool-down in which they, or pieces of them, are worn. An episode without a date has none.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="cool_down_days">0 to 3,650; left out, the client's `wardrobe_cool_down_days`.</param>
    private static async Task<IResult> EpisodeConflicts(Guid id, IMediator mediator, CancellationToken cancellationToken, int? cool_down_days = null) =>
        await Of<EpisodeDetails, WearConflict[]>(id, new GetEpisodeConflicts(id, cool_down_days), mediator, cancellationToken);

    /// <summary>Wear an outfit in an episode</summary>
    /// <remarks>As it is now: what is changed of it later is taken over by `refresh` alone. `If-Match` names the version of the episode. What is worn again within the days of cool-down is told as a warning.</remarks>
    /// <param name="id">The episode.</param>
    private static async Task<IResult> PutOn(Guid id, Body<PutOnBody> body, IfMatch ifMatch, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var (outfit, wornBy, scene, place) = body.Value;
        var put = await mediator.Send(new PutOnOutfit(id, outfit, wornBy, scene, place, ifMatch.Version), cancellationToken);
        if (!put.Succeeded) return Problem.From(put.Errors);

        return (await mediator.Send(new GetEpisodeOutfit(id, put.Value.Id), cancellationToken))
            .Match(worn => Respond.Created($"{request.Path.Value!.TrimEnd('/')}/{worn.Id}", worn, worn.EpisodeVersion, Warning.Of(put.Value.Findings)), Problem.From);
    }

    /// <summary>Get an outfit of an episode</summary>
    /// <param name="id">The episode.</param>
    /// <param name="outfit_id">Of what is worn, or of its outfit.</param>
    private static async Task<IResult> GetOne(Guid id, Guid outfit_id, IMediator mediator, CancellationToken cancellationToken)
    {
        var episode = await mediator.Send(new GetRecord<EpisodeDetails>(id, IncludeDeleted: false), cancellationToken);
        return episode.Succeeded ? await Show(id, outfit_id, mediator, cancellationToken) : Problem.From(episode.Errors);
    }

    /// <summary>Say by whom, in which scene and at which place an outfit is worn</summary>
    /// <remarks>A JSON merge patch. `place` 0 makes it the main outfit. `If-Match` names the version of the episode.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="outfit_id">Of what is worn, or of its outfit.</param>
    private static async Task<IResult> Change(Guid id, Guid outfit_id, Body<ChangeEpisodeOutfitBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var (wornBy, scene, place) = body.Value;
        return await Send(id, new ChangeEpisodeOutfit(id, outfit_id, wornBy, scene, place, ifMatch.Version), mediator, cancellationToken);
    }

    /// <summary>Take an outfit off</summary>
    /// <remarks>The outfit stays in the catalogue. The answer has those that are left; the next is the main one then. `If-Match` names the version of the episode.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="outfit_id">Of what is worn, or of its outfit.</param>
    private static async Task<IResult> TakeOff(Guid id, Guid outfit_id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var taken = await mediator.Send(new TakeOffOutfit(id, outfit_id, ifMatch.Version), cancellationToken);
        return taken.Succeeded ? (await mediator.Send(new ListEpisodeOutfits(id), cancellationToken)).Match(Respond.Ok, Problem.From) : Problem.From(taken.Errors);
    }

    /// <summary>Take an outfit over again, as it is now</summary>
    /// <remarks>`If-Match` names the version of the episode.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="outfit_id">Of what is worn, or of its outfit.</param>
    private static async Task<IResult> Refresh(Guid id, Guid outfit_id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        await Send(id, new RefreshOutfit(id, outfit_id, ifMatch.Version), mediator, cancellationToken);

    private static async Task<IResult> Send(Guid episode, Application.Pipeline.ICommand<EpisodeOutfitWritten> command, IMediator mediator, CancellationToken cancellationToken)
    {
        var written = await mediator.Send(command, cancellationToken);
        return written.Succeeded ? await Show(episode, written.Value.Id, mediator, cancellationToken) : Problem.From(written.Errors);
    }

    private static async Task<IResult> Show(Guid episode, Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetEpisodeOutfit(episode, id), cancellationToken)).Match(worn => Respond.Item(worn, worn.EpisodeVersion), Problem.From);

    /// <summary>What is asked of a record that is there and not in the trash.</summary>
    private static async Task<IResult> Of<TDetails, T>(Guid id, Application.Pipeline.IQuery<T> query, IMediator mediator, CancellationToken cancellationToken)
        where TDetails : IRecordDetails
    {
        var record = await mediator.Send(new GetRecord<TDetails>(id, IncludeDeleted: false), cancellationToken);
        return record.Succeeded ? (await mediator.Send(query, cancellationToken)).Match(found => Respond.Ok(found), Problem.From) : Problem.From(record.Errors);
    }

    /// <param name="OutfitId">Of the catalogue.</param>
    /// <param name="WornBy">Left out, whom the outfit names; at most 200 characters.</param>
    /// <param name="Scene">At most 500 characters.</param>
    /// <param name="Place">0 makes it the main outfit; left out, it is the last.</param>
    [ReadOnlyFields(typeof(EpisodeOutfitDetails))]
    internal sealed record PutOnBody(Guid OutfitId, string? WornBy = null, string? Scene = null, int? Place = null);

    /// <param name="WornBy">At most 200 characters.</param>
    /// <param name="Scene">At most 500 characters.</param>
    /// <param name="Place">0 makes it the main outfit.</param>
    [ReadOnlyFields(typeof(EpisodeOutfitDetails))]
    internal sealed record ChangeEpisodeOutfitBody(Change<string> WornBy = default, Change<string> Scene = default, int? Place = null);
}
