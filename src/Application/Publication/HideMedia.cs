using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>Says that a set does not show a media item after all, which stays in its session. A cover that is shown no longer is none any more.</summary>
/// <param name="IfMatch">The version of what is said of it there that the caller has seen; null for any.</param>
public sealed record HideMedia(Guid SetId, Guid MediaItemId, long? IfMatch) : ICommand<Done>;

internal sealed class HideMediaHandler(IRecords<SetFields> sets, ISetMedia media, IJobs jobs, CallContext context) : ICommandHandler<HideMedia, Done>
{
    public async Task<Result<Done>> Handle(HideMedia command, CancellationToken cancellationToken)
    {
        var set = await sets.Open(command.SetId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!set.Succeeded) return set.As<Done>();
        if (await media.FindVersion(command.SetId, command.MediaItemId, cancellationToken) is not { } version) return new SetMediaNotFound(command.SetId, command.MediaItemId);
        if (StaleVersion.Unless(command.IfMatch, version) is { } stale) return stale;

        if (set.Value.As<Cover>().CoverMediaItemId == command.MediaItemId && await sets.Set(set.Value, new Cover(null), cancellationToken) is { Succeeded: false } refused) return refused.As<Done>();
        await media.Remove(command.SetId, command.MediaItemId, cancellationToken);
        await jobs.Enqueue(new NewJob(JobType.SetCompilationRecalc, SubjectType: null, SubjectId: null, DedupeKey: null), cancellationToken);
        return Done.Instance;
    }

    private sealed record Cover(Guid? CoverMediaItemId);
}
