using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>Says in which order a set shows its media. Those of assets in the trash, which nobody sees there, come last.</summary>
/// <param name="MediaItemIds">Each of them once.</param>
public sealed record OrderMedia(Guid SetId, IReadOnlyList<Guid> MediaItemIds) : ICommand<Done>;

internal sealed class OrderMediaHandler(IRecords<SetFields> sets, ISetMedia media, CallContext context) : ICommandHandler<OrderMedia, Done>
{
    public async Task<Result<Done>> Handle(OrderMedia command, CancellationToken cancellationToken)
    {
        var set = await sets.Open(command.SetId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!set.Succeeded) return set.As<Done>();

        var shown = (await media.FindItems(command.SetId, cancellationToken)).ToLookup(item => item.IsHidden, item => item.Id);
        var (seen, hidden) = (shown[false].ToHashSet(), shown[true]);
        if (command.MediaItemIds.Count != seen.Count || !seen.SetEquals(command.MediaItemIds)) return new OrderIncomplete();

        await media.Order(command.SetId, [.. command.MediaItemIds, .. hidden], cancellationToken);
        return Done.Instance;
    }
}
