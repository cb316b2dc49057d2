using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>Takes back what was resolved in one go; what was changed since stays as it is.</summary>
public sealed record UndoResolution(Guid Id) : ICommand<Done>;

internal sealed class UndoResolutionHandler(IRecords<PersonFields> people, ICredits credits) : ICommandHandler<UndoResolution, Done>
{
    public async Task<Result<Done>> Handle(UndoResolution command, CancellationToken cancellationToken)
    {
        if (await credits.FindResolution(command.Id, cancellationToken) is not { } seen) return new ResolutionNotFound(command.Id);
        await credits.HoldSetsOf(command.Id, cancellationToken);
        await people.FindForUpdate(seen.PersonId, cancellationToken); // after the sets, and before the credits and what was made of them, as all who write them do
        if (await credits.FindResolutionForUpdate(command.Id, cancellationToken) is not { } resolution) return new ResolutionNotFound(command.Id);
        if (resolution.UndoneAt is not null) return new ResolutionAlreadyUndone(command.Id);

        await credits.Undo(command.Id, cancellationToken);
        return Done.Instance;
    }
}
