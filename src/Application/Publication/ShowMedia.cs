using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Production;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>Says that a set shows media, after those that it shows; those that it shows already stay where they are.</summary>
/// <param name="MediaItemIds">1 to 500.</param>
public sealed record ShowMedia(Guid SetId, IReadOnlyList<Guid> MediaItemIds) : ICommand<Done>;

internal sealed class ShowMediaValidator : AbstractValidator<ShowMedia>
{
    public ShowMediaValidator() => RuleFor(show => show.MediaItemIds).SomeIds();
}

internal sealed class ShowMediaHandler(IRecords<SetFields> sets, ISetMedia media, IJobs jobs, CallContext context) : ICommandHandler<ShowMedia, Done>
{
    private const int Most = 5_000;

    public async Task<Result<Done>> Handle(ShowMedia command, CancellationToken cancellationToken)
    {
        var set = await sets.Open(command.SetId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!set.Succeeded) return set.As<Done>();

        var shown = await media.FindItems(command.SetId, cancellationToken);
        Guid[] added = [.. command.MediaItemIds.Distinct().Except(shown.Select(item => item.Id))];
        if (added.Length == 0) return Done.Instance;
        if (shown.Count + added.Length > Most) return new SetMediaLimit(Most);
        if (added.Except(await media.Hold(added, cancellationToken)).ToArray() is [var unknown, ..]) return new MediaItemsUnknown(unknown);

        await media.Add(command.SetId, added, cancellationToken);
        await jobs.Enqueue(new NewJob(JobType.SetCompilationRecalc, SubjectType: null, SubjectId: null, DedupeKey: null), cancellationToken);
        return Done.Instance;
    }
}
