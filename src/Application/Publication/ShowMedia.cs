using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Production;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>Says that a set shows media, after those that it shows; those that it shows already stay where they are.</summary>
/// <param name="MediaItemIds">1 to 500.</param>
public sealed record ShowMedia(Guid SetId, IReadOnlyList<Guid> MediaItemIds) : ICommand<Done>;

/// <summary>Says in which order a set shows its media.</summary>
/// <param name="MediaItemIds">Each of them once.</param>
public sealed record OrderMedia(Guid SetId, IReadOnlyList<Guid> MediaItemIds) : ICommand<Done>;

/// <summary>Says something of one that a set shows.</summary>
/// <param name="Caption">At most 2,000 characters.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="IfMatch">The version of what is said that the caller has seen; null for any.</param>
public sealed record DescribeMedia(Guid SetId, Guid MediaItemId, string? Caption, string? Notes, long? IfMatch) : ICommand<Done>;

/// <summary>Says that a set does not show one after all. The media item stays in its session.</summary>
/// <param name="IfMatch">As of <see cref="DescribeMedia"/>.</param>
public sealed record HideMedia(Guid SetId, Guid MediaItemId, long? IfMatch) : ICommand<Done>;

/// <summary>Says which one of its media is the cover of a set; null for none.</summary>
/// <param name="IfMatch">The version of the set that the caller has seen; null for any.</param>
public sealed record SetCover(Guid SetId, Guid? MediaItemId, long? IfMatch) : ICommand<Written>;

internal sealed class ShowMediaValidator : AbstractValidator<ShowMedia>
{
    public ShowMediaValidator() => RuleFor(show => show.MediaItemIds).SomeIds();
}

internal sealed class DescribeMediaValidator : AbstractValidator<DescribeMedia>
{
    public DescribeMediaValidator()
    {
        RuleFor(describe => describe.Caption).MaximumLength(2_000);
        RuleFor(describe => describe.Notes).MaximumLength(20_000);
    }
}

internal sealed class SetMediaHandler(IRecords<SetFields> sets, ISetMedia media, IJobs jobs, CallContext context)
    : ICommandHandler<ShowMedia, Done>, ICommandHandler<OrderMedia, Done>, ICommandHandler<DescribeMedia, Done>, ICommandHandler<HideMedia, Done>, ICommandHandler<SetCover, Written>
{
    private const int Most = 5_000;

    public async Task<Result<Done>> Handle(ShowMedia command, CancellationToken cancellationToken)
    {
        if (await Open(command.SetId, cancellationToken) is { Succeeded: false } refused) return refused.As<Done>();

        var shown = await media.FindItems(command.SetId, cancellationToken);
        Guid[] added = [.. command.MediaItemIds.Distinct().Except(shown)];
        if (added.Length == 0) return Done.Instance;
        if (shown.Count + added.Length > Most) return new SetMediaLimit(Most);
        if (added.Except(await media.Hold(added, cancellationToken)).ToArray() is [var unknown, ..]) return new MediaItemsUnknown(unknown);

        await media.Add(command.SetId, added, cancellationToken);
        await LookAgain(cancellationToken);
        return Done.Instance;
    }

    public async Task<Result<Done>> Handle(OrderMedia command, CancellationToken cancellationToken)
    {
        if (await Open(command.SetId, cancellationToken) is { Succeeded: false } refused) return refused.As<Done>();

        var shown = await media.FindItems(command.SetId, cancellationToken);
        if (shown.Count != command.MediaItemIds.Count || command.MediaItemIds.Distinct().Count() != shown.Count || command.MediaItemIds.Except(shown).Any()) return new OrderIncomplete();

        await media.Order(command.SetId, command.MediaItemIds, cancellationToken);
        return Done.Instance;
    }

    public async Task<Result<Done>> Handle(DescribeMedia command, CancellationToken cancellationToken)
    {
        if (await Refused(command.SetId, command.MediaItemId, command.IfMatch, cancellationToken) is { } refused) return refused;

        await media.Describe(command.SetId, command.MediaItemId, command.Caption, command.Notes, cancellationToken);
        return Done.Instance;
    }

    public async Task<Result<Done>> Handle(HideMedia command, CancellationToken cancellationToken)
    {
        if (await Refused(command.SetId, command.MediaItemId, command.IfMatch, cancellationToken) is { } refused) return refused;

        await media.Remove(command.SetId, command.MediaItemId, cancellationToken);
        await LookAgain(cancellationToken);
        return Done.Instance;
    }

    public async Task<Result<Written>> Handle(SetCover command, CancellationToken cancellationToken)
    {
        var set = await sets.Open(command.SetId, command.IfMatch, context.Caller.Role, cancellationToken);
        return set.Succeeded ? await sets.Set(set.Value, new { CoverMediaItemId = command.MediaItemId }, cancellationToken) : set.As<Written>();
    }

    private async Task<Error?> Refused(Guid setId, Guid itemId, long? ifMatch, CancellationToken cancellationToken)
    {
        if (await Open(setId, cancellationToken) is { Succeeded: false, Errors: [var hidden, ..] }) return hidden;
        return await media.FindVersion(setId, itemId, cancellationToken) is { } version ? StaleVersion.Unless(ifMatch, version) : new SetMediaNotFound(setId, itemId);
    }

    private Task<Result<StoredRecord>> Open(Guid setId, CancellationToken cancellationToken) => sets.Open(setId, ifMatch: null, context.Caller.Role, cancellationToken);

    private Task LookAgain(CancellationToken cancellationToken) => jobs.Enqueue(new NewJob(JobType.SetCompilationRecalc, SubjectType: null, SubjectId: null, DedupeKey: null), cancellationToken);
}
