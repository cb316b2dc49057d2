using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>Has an outfit of the catalogue worn in an episode, as it is now.</summary>
/// <param name="Place">Before which of those that are there; 0 makes it the main outfit, null puts it last.</param>
/// <param name="IfMatch">The version of the episode that the caller has seen; null for any.</param>
public sealed record PutOnOutfit(Guid EpisodeId, Guid OutfitId, string? WornBy, string? Scene, int? Place, long? IfMatch) : ICommand<EpisodeOutfitWritten>;

/// <summary>An outfit of an episode that was written, and the version that the episode has now.</summary>
public sealed record EpisodeOutfitWritten(Guid Id, long EpisodeVersion, Finding[] Findings);

internal sealed class PutOnOutfitValidator : AbstractValidator<PutOnOutfit>
{
    public PutOnOutfitValidator()
    {
        RuleFor(command => command.WornBy).MaximumLength(200);
        RuleFor(command => command.Scene).MaximumLength(500);
        RuleFor(command => command.Place).InclusiveBetween(0, WornOutfit.Most);
    }
}

internal sealed class PutOnOutfitHandler(IRecords<EpisodeFields> episodes, IWardrobe wardrobe, CallContext context) : ICommandHandler<PutOnOutfit, EpisodeOutfitWritten>
{
    public async Task<Result<EpisodeOutfitWritten>> Handle(PutOnOutfit command, CancellationToken cancellationToken)
    {
        var episode = await episodes.Open(command.EpisodeId, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!episode.Succeeded) return episode.As<EpisodeOutfitWritten>();

        var outfit = await wardrobe.Choose(command.OutfitId, "outfit_id", cancellationToken);
        if (!outfit.Succeeded) return outfit.As<EpisodeOutfitWritten>();

        var worn = await wardrobe.Of(command.EpisodeId, cancellationToken);
        if (worn.Any(other => other.OutfitId == command.OutfitId)) return new OutfitWornAlready(command.OutfitId);
        if (worn.Count >= WornOutfit.Most) return new EpisodeOutfitLimit(WornOutfit.Most);

        var place = Math.Min(command.Place ?? worn.Count, worn.Count);
        var put = WornOutfit.Of(outfit.Value, Guid.CreateVersion7(), place, command.WornBy, command.Scene);
        await wardrobe.PutOn(command.EpisodeId, put, cancellationToken);
        List<Guid> order = [.. worn.Select(other => other.Id)];
        order.Insert(place, put.Id);
        await wardrobe.Order(command.EpisodeId, [.. order], cancellationToken);
        return new EpisodeOutfitWritten(
            put.Id, await wardrobe.Show(command.EpisodeId, cancellationToken), await wardrobe.WornRecently(command.EpisodeId, put, cancellationToken));
    }
}
