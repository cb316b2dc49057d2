using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Probes and renders an asset again. Asked for while it is being processed, it changes nothing.</summary>
public sealed record ReprocessMedia(AssetId Id) : ICommand<MediaAsset>;

internal sealed class ReprocessMediaHandler(IMediaAssets assets, IJobs jobs, CallContext context) : ICommandHandler<ReprocessMedia, MediaAsset>
{
    public async Task<Result<MediaAsset>> Handle(ReprocessMedia command, CancellationToken cancellationToken)
    {
        await jobs.LockOf(MediaJobs.SubjectType, command.Id.Value, cancellationToken);
        if (await assets.FindForUpdate(command.Id, cancellationToken) is not { } asset) return new AssetNotFound(command.Id);
        if (asset.HiddenFrom(context.Caller.Role) is { } hidden) return hidden;

        if (!await assets.MayReadOriginal(command.Id, cancellationToken)) return new OriginalNotAllowed();

        var processing = asset.Reprocess();
        if (!processing.Succeeded) return processing;

        await assets.SaveProcessing(asset.Id, cancellationToken);
        await jobs.Enqueue(MediaJobs.Process(asset.Id, asset.Type), cancellationToken);
        return processing;
    }
}
