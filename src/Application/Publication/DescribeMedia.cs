using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>Says something of a media item that a set shows.</summary>
/// <param name="Caption">At most 2,000 characters.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="IfMatch">The version of what is said that the caller has seen; null for any.</param>
public sealed record DescribeMedia(Guid SetId, Guid MediaItemId, string? Caption, string? Notes, long? IfMatch) : ICommand<Done>;

internal sealed class DescribeMediaValidator : AbstractValidator<DescribeMedia>
{
    public DescribeMediaValidator()
    {
        RuleFor(describe => describe.Caption).MaximumLength(2_000);
        RuleFor(describe => describe.Notes).MaximumLength(20_000);
    }
}

internal sealed class DescribeMediaHandler(IRecords<SetFields> sets, ISetMedia media, CallContext context) : ICommandHandler<DescribeMedia, Done>
{
    public async Task<Result<Done>> Handle(DescribeMedia command, CancellationToken cancellationToken)
    {
        var set = await sets.Open(command.SetId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!set.Succeeded) return set.As<Done>();
        if (await media.FindVersion(command.SetId, command.MediaItemId, cancellationToken) is not { } version) return new SetMediaNotFound(command.SetId, command.MediaItemId);
        if (StaleVersion.Unless(command.IfMatch, version) is { } stale) return stale;

        await media.Describe(command.SetId, command.MediaItemId, command.Caption, command.Notes, cancellationToken);
        return Done.Instance;
    }
}
