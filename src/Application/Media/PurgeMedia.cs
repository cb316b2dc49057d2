using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Deletes an asset for good: its row, its variants, its attachments, and then its objects.</summary>
public sealed record PurgeMedia(AssetId Id, long? IfMatch) : ICommand<PurgedAsset>;

internal sealed class PurgeMediaHandler(IMediaAssets assets, CallContext context, TimeProvider time) : ICommandHandler<PurgeMedia, PurgedAsset>
{
    public async Task<Result<PurgedAsset>> Handle(PurgeMedia command, CancellationToken cancellationToken)
    {
        if (await assets.FindForUpdate(command.Id, cancellationToken) is not { } asset) return new AssetNotFound(command.Id);

        var caller = context.Caller;
        var allowed = asset.Purge(caller.Role, caller.KindName, caller.ActorId, time.GetUtcNow());
        if (!allowed.Succeeded) return allowed.As<PurgedAsset>();
        if (command.IfMatch is { } seen && seen != asset.Version) return new StaleVersion(asset.Version);

        return await assets.Purge(asset.Id, cancellationToken);
    }
}
