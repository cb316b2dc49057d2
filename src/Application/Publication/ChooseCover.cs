using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Publication;

/// <summary>Says which one of its media is the cover of a set; null for none.</summary>
/// <param name="IfMatch">The version of the set that the caller has seen; null for any.</param>
public sealed record ChooseCover(Guid SetId, Guid? MediaItemId, long? IfMatch) : ICommand<Written>;

internal sealed class ChooseCoverHandler(IRecords<SetFields> sets, CallContext context) : ICommandHandler<ChooseCover, Written>
{
    public async Task<Result<Written>> Handle(ChooseCover command, CancellationToken cancellationToken)
    {
        var set = await sets.Open(command.SetId, command.IfMatch, context.Caller.Role, cancellationToken);
        return set.Succeeded ? await sets.Set(set.Value, new { CoverMediaItemId = command.MediaItemId }, cancellationToken) : set.As<Written>();
    }
}
