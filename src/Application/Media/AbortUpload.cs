using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Gives an upload up that has not come to an end; what it has stored goes.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record AbortUpload(UploadId Id, long? IfMatch) : ICommand<UploadId>;

internal sealed class AbortUploadHandler(IUploads uploads) : ICommandHandler<AbortUpload, UploadId>
{
    public async Task<Result<UploadId>> Handle(AbortUpload command, CancellationToken cancellationToken)
    {
        if (await uploads.FindForUpdate(command.Id, cancellationToken) is not { } upload) return new UploadNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, upload.Version) is { } stale) return stale;
        if (upload.IsEnded) return new UploadNotOpen(command.Id, Names.Of(upload.Status));

        await uploads.Reject(command.Id, UploadStatus.Rejected, new UploadAborted(), cancellationToken);
        return command.Id;
    }
}
