using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>Says that an asset is of no session after all. The asset stays.</summary>
/// <param name="IfMatch">The version of the media item that the caller has seen; null for any.</param>
public sealed record TakeMediaOutOfSession(Guid SessionId, Guid AssetId, long? IfMatch) : ICommand<Done>;

internal sealed class TakeMediaOutOfSessionHandler(IRecords<SessionFields> sessions, IMediaItems items, CallContext context) : ICommandHandler<TakeMediaOutOfSession, Done>
{
    public async Task<Result<Done>> Handle(TakeMediaOutOfSession command, CancellationToken cancellationToken)
    {
        await items.LockSetsOfAsset(command.AssetId, cancellationToken);
        var session = await sessions.Open(command.SessionId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!session.Succeeded) return session.As<Done>();
        if (await items.FindInSession(command.SessionId, command.AssetId, cancellationToken) is not { } item) return new MediaItemNotFound(command.AssetId);
        if (StaleVersion.Unless(command.IfMatch, item.Version) is { } stale) return stale;
        if (await items.IsInSets(item.Id, cancellationToken)) return new MediaItemInSets(item.Id);

        await items.Remove(item.Id, cancellationToken);
        return Done.Instance;
    }
}
