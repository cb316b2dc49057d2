using System.Text.Json;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Has what is worn in an episode be as its outfit is now; by whom and in which scene stays.</summary>
/// <param name="Id">Of what is worn, or of its outfit.</param>
/// <param name="IfMatch">The version of the episode that the caller has seen; null for any.</param>
public sealed record RefreshOutfit(Guid EpisodeId, Guid Id, long? IfMatch) : ICommand<EpisodeOutfitWritten>;

internal sealed class RefreshOutfitHandler(IRecords<EpisodeFields> episodes, IWardrobe wardrobe, CallContext context) : ICommandHandler<RefreshOutfit, EpisodeOutfitWritten>
{
    public async Task<Result<EpisodeOutfitWritten>> Handle(RefreshOutfit command, CancellationToken cancellationToken)
    {
        var episode = await episodes.Open(command.EpisodeId, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!episode.Succeeded) return episode.As<EpisodeOutfitWritten>();

        if ((await wardrobe.Of(command.EpisodeId, cancellationToken)).Named(command.Id) is not { } worn) return new EpisodeOutfitNotFound(command.EpisodeId, command.Id);
        if (worn.OutfitId is not { } outfitId) return new EpisodeOutfitWithoutOutfit();

        var outfit = await wardrobe.Choose(outfitId, "outfit_id", cancellationToken);
        if (!outfit.Succeeded) return outfit.As<EpisodeOutfitWritten>();

        var fresh = WornOutfit.Of(outfit.Value, worn.Id, worn.Place, worn.WornBy, worn.Scene);
        if (fresh with { Document = worn.Document } == worn && JsonElement.DeepEquals(fresh.Document, worn.Document)) return new EpisodeOutfitWritten(worn.Id, episode.Value.State.Version, []);

        await wardrobe.Save(command.EpisodeId, fresh, cancellationToken);
        return new EpisodeOutfitWritten(worn.Id, await wardrobe.Show(command.EpisodeId, cancellationToken), []);
    }
}
