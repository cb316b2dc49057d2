using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>The guests of the client's episodes, for writing.</summary>
public interface IEpisodeGuests
{
    /// <summary>The version of the link, locked; null when there is none.</summary>
    Task<long?> FindVersionForUpdate(Guid episodeId, Guid guestId, CancellationToken cancellationToken);

    /// <summary>Links the two, or changes the role of a guest who is linked. The same again changes nothing.</summary>
    /// <returns>Whether the link is new.</returns>
    Task<bool> Save(Guid episodeId, Guid guestId, string? role, CancellationToken cancellationToken);

    Task Remove(Guid episodeId, Guid guestId, CancellationToken cancellationToken);
}

/// <summary>Says that a guest is in an episode, and as what.</summary>
/// <param name="Role">Of the guest in this episode; null is what the guest is anywhere.</param>
/// <param name="IfMatch">The version of the link that the caller has seen; null for any, and for none yet.</param>
public sealed record LinkGuest(Guid EpisodeId, Guid GuestId, string? Role, long? IfMatch) : ICommand<LinkedGuest>;

/// <summary>Whether the link is new.</summary>
public sealed record LinkedGuest(bool Created);

internal sealed class LinkGuestValidator : AbstractValidator<LinkGuest>
{
    public LinkGuestValidator() => RuleFor(link => link.Role).MaximumLength(300);
}

internal sealed class LinkGuestHandler(IRecords<EpisodeFields> episodes, IRecords<GuestFields> guests, IEpisodeGuests links, CallContext context) : ICommandHandler<LinkGuest, LinkedGuest>
{
    public async Task<Result<LinkedGuest>> Handle(LinkGuest command, CancellationToken cancellationToken)
    {
        var episode = await episodes.Open(command.EpisodeId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!episode.Succeeded) return episode.As<LinkedGuest>();
        if (!await guests.Hold(command.GuestId, cancellationToken)) return new RecordNotFound(EpisodeKinds.Guest, command.GuestId);
        if (command.IfMatch is { } seen)
        {
            if (await links.FindVersionForUpdate(command.EpisodeId, command.GuestId, cancellationToken) is not { } version) return new NoVersion();
            if (StaleVersion.Unless(seen, version) is { } stale) return stale;
        }

        return new LinkedGuest(await links.Save(command.EpisodeId, command.GuestId, command.Role, cancellationToken));
    }
}
