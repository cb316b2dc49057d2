using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>Says that media are of another session than was thought: all of them, or none where one is not there. Sets that show them are looked at again.</summary>
/// <param name="MediaItemIds">1 to 500.</param>
/// <returns>How many were moved; those that were there already are not counted.</returns>
public sealed record MoveMedia(Guid SessionId, IReadOnlyList<Guid> MediaItemIds) : ICommand<int>;

internal sealed class MoveMediaValidator : AbstractValidator<MoveMedia>
{
    public MoveMediaValidator() => RuleFor(move => move.MediaItemIds).SomeIds();
}

internal sealed class MoveMediaHandler(IRecords<SessionFields> sessions, IMediaItems items, IJobs jobs, CallContext context) : ICommandHandler<MoveMedia, int>
{
    public async Task<Result<int>> Handle(MoveMedia command, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. command.MediaItemIds.Distinct()];
        await items.LockSetsOf(ids, cancellationToken);
        var session = await sessions.Open(command.SessionId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!session.Succeeded) return session.As<int>();

        var found = await items.FindForUpdate(ids, cancellationToken);
        if (ids.Except(found.Select(item => item.Id)).ToArray() is [var unknown, ..]) return new MediaItemsUnknown(unknown);

        var moved = await items.Move(command.SessionId, ids, cancellationToken);
        if (moved > 0) await jobs.Enqueue(new NewJob(JobType.SetCompilationRecalc, SubjectType: null, SubjectId: null, DedupeKey: null), cancellationToken);
        return moved;
    }
}
