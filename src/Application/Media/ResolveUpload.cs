using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Decides what becomes of an upload whose bytes lie in the trash.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ResolveUpload(UploadId Id, ConflictAction Action, long? IfMatch) : ICommand<UploadId>;

/// <summary>What becomes of it.</summary>
public enum ConflictAction
{
    /// <summary>The asset comes out of the trash; was it purged meanwhile, the upload becomes a new one.</summary>
    Restore,
    /// <summary>The asset stays in the trash, and what was sent goes.</summary>
    Discard,
}

internal sealed class ResolveUploadHandler(IUploads uploads, UploadResolver resolver) : ICommandHandler<ResolveUpload, UploadId>
{
    public async Task<Result<UploadId>> Handle(ResolveUpload command, CancellationToken cancellationToken)
    {
        if (await uploads.FindForUpdate(command.Id, cancellationToken) is not { } upload) return new UploadNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, upload.Version) is { } stale) return stale;
        if (upload.Status is not UploadStatus.Conflict) return new UploadNotInConflict(command.Id, Names.Of(upload.Status));

        if (command.Action is ConflictAction.Discard)
        {
            await uploads.Reject(command.Id, UploadStatus.Rejected, new UploadDiscarded(), cancellationToken);
            return command.Id;
        }

        var received = await uploads.FindConflict(upload with { Upload = upload.Upload with { OnTrashed = OnTrashed.Restore } }, cancellationToken);
        var resolved = await resolver.Resolve(received, cancellationToken);
        return resolved.Succeeded ? command.Id : resolved.As<UploadId>();
    }
}
