using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Decides what becomes of an upload whose bytes lie in the trash, or are of another session.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ResolveUpload(UploadId Id, ConflictAction Action, long? IfMatch) : ICommand<UploadId>;

/// <summary>What becomes of it.</summary>
public enum ConflictAction
{
    /// <summary>The asset comes out of the trash; was it purged meanwhile, the upload becomes a new one.</summary>
    Restore,
    /// <summary>The asset stays as it is, and what was sent goes.</summary>
    Discard,
    /// <summary>The asset is moved to the session of the upload.</summary>
    Move,
    /// <summary>The asset stays in its session, and the upload is completed as one of it.</summary>
    Keep,
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

        var received = await uploads.FindConflict(upload with { Upload = upload.Upload with { OnTrashed = OnTrashed.Restore, OnOtherSession = OnOther(command.Action) } }, cancellationToken);
        if (received.WaitsFor == SessionConflict == command.Action is ConflictAction.Restore) return new UploadActionUnfit(Names.Of(command.Action), received.WaitsFor ?? TrashConflict);

        var resolved = await resolver.Resolve(received, cancellationToken);
        return resolved.Succeeded || resolved.Errors[0] is UploadForAnotherSession ? command.Id : resolved.As<UploadId>(); // which waits for the next decision
    }

    private const string TrashConflict = "DUPLICATE_IN_TRASH";
    private const string SessionConflict = "MEDIA_IN_ANOTHER_SESSION";

    private static OnOtherSession OnOther(ConflictAction action) => action switch { ConflictAction.Move => OnOtherSession.Move, ConflictAction.Keep => OnOtherSession.Keep, _ => OnOtherSession.Ask };
}
