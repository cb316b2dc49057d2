using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Says that a guest is not in an episode after all. Both stay.</summary>
/// <param name="IfMatch">The version of the link that the caller has seen; null for any.</param>
public sealed record UnlinkGuest(Guid EpisodeId, Guid GuestId, long? IfMatch) : ICommand<Done>;

internal sealed class UnlinkGuestHandler(IEpisodeGuests links) : ICommandHandler<UnlinkGuest, Done>
{
    public async Task<Result<Done>> Handle(UnlinkGuest command, CancellationToken cancellationToken)
    {
        if (await links.FindVersionForUpdate(command.EpisodeId, command.GuestId, cancellationToken) is not { } version) return new EpisodeGuestNotFound(command.EpisodeId, command.GuestId);
        if (StaleVersion.Unless(command.IfMatch, version) is { } stale) return stale;

        await links.Remove(command.EpisodeId, command.GuestId, cancellationToken);
        return Done.Instance;
    }
}
