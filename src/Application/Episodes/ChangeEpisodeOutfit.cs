using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Says by whom, in which scene and at which place an outfit of an episode is worn; what is not given stays.</summary>
/// <param name="Id">Of what is worn, or of its outfit.</param>
/// <param name="IfMatch">The version of the episode that the caller has seen; null for any.</param>
public sealed record ChangeEpisodeOutfit(Guid EpisodeId, Guid Id, Change<string> WornBy, Change<string> Scene, int? Place, long? IfMatch) : ICommand<EpisodeOutfitWritten>;

internal sealed class ChangeEpisodeOutfitValidator : AbstractValidator<ChangeEpisodeOutfit>
{
    public ChangeEpisodeOutfitValidator()
    {
        RuleFor(command => command.WornBy).Must(by => by.Value is not { Length: > 200 }).WithMessage("At most 200 characters.");
        RuleFor(command => command.Scene).Must(scene => scene.Value is not { Length: > 500 }).WithMessage("At most 500 characters.");
        RuleFor(command => command.Place).InclusiveBetween(0, WornOutfit.Most);
    }
}

internal sealed class ChangeEpisodeOutfitHandler(IRecords<EpisodeFields> episodes, IWardrobe wardrobe, CallContext context) : ICommandHandler<ChangeEpisodeOutfit, EpisodeOutfitWritten>
{
    public async Task<Result<EpisodeOutfitWritten>> Handle(ChangeEpisodeOutfit command, CancellationToken cancellationToken)
    {
        var episode = await episodes.Open(command.EpisodeId, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!episode.Succeeded) return episode.As<EpisodeOutfitWritten>();

        var worn = await wardrobe.Of(command.EpisodeId, cancellationToken);
        if (worn.Named(command.Id) is not { } outfit) return new EpisodeOutfitNotFound(command.EpisodeId, command.Id);

        var changed = outfit with
        {
            WornBy = command.WornBy.IsGiven ? command.WornBy.Value : outfit.WornBy, Scene = command.Scene.IsGiven ? command.Scene.Value : outfit.Scene,
            Place = Math.Min(command.Place ?? outfit.Place, worn.Count - 1),
        };
        if (changed == outfit) return new EpisodeOutfitWritten(outfit.Id, episode.Value.State.Version, []);

        await wardrobe.Save(command.EpisodeId, changed, cancellationToken);
        List<Guid> order = [.. worn.Select(other => other.Id).Where(id => id != outfit.Id)];
        order.Insert(changed.Place, outfit.Id);
        await wardrobe.Order(command.EpisodeId, [.. order], cancellationToken);
        return new EpisodeOutfitWritten(outfit.Id, await wardrobe.Show(command.EpisodeId, cancellationToken), []);
    }
}

internal static class NamedOutfits
{
    /// <summary>One of an episode's outfits by its own id, or by that of its outfit.</summary>
    public static WornOutfit? Named(this IEnumerable<WornOutfit> worn, Guid id) => worn.FirstOrDefault(outfit => outfit.Id == id || outfit.OutfitId == id);
}
