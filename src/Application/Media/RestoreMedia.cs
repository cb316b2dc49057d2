using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Takes an asset out of the trash, with its attachments.</summary>
public sealed record RestoreMedia(AssetId Id) : ICommand<MediaAsset>;

internal sealed class RestoreMediaHandler(IMediaAssets assets) : ICommandHandler<RestoreMedia, MediaAsset>
{
    public async Task<Result<MediaAsset>> Handle(RestoreMedia command, CancellationToken cancellationToken)
    {
        if (await assets.FindForUpdate(command.Id, cancellationToken) is not { } asset) return new AssetNotFound(command.Id);

        var restored = asset.Restore();
        if (restored.Succeeded) await assets.SaveRestored(restored.Value, cancellationToken);
        return restored;
    }
}
