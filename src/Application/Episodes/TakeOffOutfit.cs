using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Has an outfit no longer worn in an episode; the outfit itself stays in the catalogue, and what was worn in the change log.</summary>
/// <param name="Id">Of what is worn, or of its outfit.</param>
/// <param name="IfMatch">The version of the episode that the caller has seen; null for any.</param>
public sealed record TakeOffOutfit(Guid EpisodeId, Guid Id, long? IfMatch) : ICommand<EpisodeOutfitWritten>;

internal sealed class TakeOffOutfitHandler(IRecords<EpisodeFields> episodes, IWardrobe wardrobe, CallContext context) : ICommandHandler<TakeOffOutfit, EpisodeOutfitWritten>
{
    public async Task<Result<EpisodeOutfitWritten>> Handle(TakeOffOutfit command, CancellationToken cancellationToken)
    {
        var episode = await episodes.Open(command.EpisodeId, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!episode.Succeeded) return episode.As<EpisodeOutfitWritten>();

        if ((await wardrobe.Of(command.EpisodeId, cancellationToken)).Named(command.Id) is not { } outfit) return new EpisodeOutfitNotFound(command.EpisodeId, command.Id);

        await wardrobe.TakeOff(command.EpisodeId, outfit.Id, cancellationToken);
        return new EpisodeOutfitWritten(outfit.Id, await wardrobe.Show(command.EpisodeId, cancellationToken), []);
    }
}
