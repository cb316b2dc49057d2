using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>Says that two people are two after all: what the merge brought over goes back, as it is by now; what came since stays where it is.</summary>
public sealed record UndoMerge(Guid Id) : ICommand<Done>;

internal sealed class UndoMergeHandler(IRecords<PersonFields> people, IPersonMerges merges) : ICommandHandler<UndoMerge, Done>
{
    public async Task<Result<Done>> Handle(UndoMerge command, CancellationToken cancellationToken)
    {
        if (await merges.Find(command.Id, cancellationToken) is not { } seen) return new MergeNotFound(command.Id);
        foreach (var id in new[] { seen.FromId, seen.IntoId }.Order()) await people.FindForUpdate(id, cancellationToken); // before the merge, as their purge does that takes it along
        if (await merges.FindForUpdate(command.Id, cancellationToken) is not { } merge) return new MergeNotFound(command.Id);
        if (merge.UndoneAt is not null) return new MergeAlreadyUndone(command.Id);
        if (await people.FindForUpdate(merge.IntoId, cancellationToken) is not { State.DeletedAt: null }) return new MergeIsCovered(merge.IntoId);

        await merges.Undo(merge, cancellationToken);
        var from = (await people.FindForUpdate(merge.FromId, cancellationToken))!; // it goes with the merge alone
        var set = await people.Set(from, new { MergedInto = (Guid?)null }, cancellationToken);
        if (!set.Succeeded) return set.As<Done>();

        var restored = await people.SaveRestored((await people.FindForUpdate(merge.FromId, cancellationToken))!, cancellationToken);
        return restored.Succeeded ? Done.Instance : restored.As<Done>();
    }
}
