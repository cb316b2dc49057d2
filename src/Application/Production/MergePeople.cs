using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>Says that a person is another one: all aliases, links and credits go there, and the id leads there.</summary>
/// <param name="IfMatch">The version of the person that the caller has seen; null for any.</param>
/// <returns>The merge, by which it is undone.</returns>
public sealed record MergePeople(Guid Id, Guid IntoId, long? IfMatch) : ICommand<Guid>;

internal sealed class MergePeopleHandler(IRecords<PersonFields> people, IPersonMerges merges, CallContext context, TimeProvider time) : ICommandHandler<MergePeople, Guid>
{
    private const string Reason = "merged";

    public async Task<Result<Guid>> Handle(MergePeople command, CancellationToken cancellationToken)
    {
        if (command.Id == command.IntoId) return new PersonMergedIntoItself();

        foreach (var id in new[] { command.Id, command.IntoId }.Order()) await people.FindForUpdate(id, cancellationToken); // in their order: two who merge the same ones wait for each other
        var from = await people.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!from.Succeeded) return from.As<Guid>();
        if (await Elsewhere(command, cancellationToken) is { } elsewhere) return elsewhere;
        var into = await people.Open(command.IntoId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!into.Succeeded) return into.As<Guid>();

        var merge = await merges.Merge(command.Id, command.IntoId, cancellationToken);
        var trashed = from.Value.State.Trash(time.GetUtcNow());
        await people.SaveTrashed(trashed.Value, Reason, cancellationToken);
        var set = await people.Set(from.Value, new { MergedInto = command.IntoId }, cancellationToken);
        return set.Succeeded ? merge : set.As<Guid>();
    }

    /// <summary>Why nobody is merged into who was merged: into the first again, that would be a circle.</summary>
    private async Task<Error?> Elsewhere(MergePeople command, CancellationToken cancellationToken)
    {
        if (await merges.FindMergedInto(command.IntoId, cancellationToken) is not { } first) return null;
        for (Guid? next = first; next is { } reached; next = await merges.FindMergedInto(reached, cancellationToken))
        {
            if (reached == command.Id) return new PersonMergedInACircle();
        }

        return new PersonIsMerged(command.IntoId, first);
    }
}
