using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Media;

/// <summary>Makes an asset of an upload whose hash is known, or finds the one that its bytes are already. It runs in a transaction.</summary>
internal sealed class UploadResolver(IUploads uploads, IMediaAssets assets, IRecords<MediaFields> records, ISessionMedia sessions, SessionOfUpload sessionOf, IJobs jobs, CallContext context)
{
    public async Task<Result<UploadedMedia>> Resolve(ReceivedUpload received, CancellationToken cancellationToken)
    {
        var upload = received.Upload;
        if (!await uploads.LockOpen(upload.Id, cancellationToken))
        {
            Error late = new UploadExpired();
            await uploads.Reject(upload.Id, UploadStatus.Expired, late, cancellationToken);
            return late;
        }

        // A guest brings in what is new, and changes nothing that is there.
        var isGuest = (received.By?.Kind ?? context.Caller.KindName) == Names.Of(ActorKind.Guest);
        var session = upload.Texts.SessionId;
        var withoutSession = await sessionOf.Refused(session, received.By, cancellationToken);
        if (withoutSession is not null && upload.Kind is UploadKind.Direct)
        {
            await uploads.Reject(upload.Id, UploadStatus.Rejected, withoutSession, cancellationToken);
            return withoutSession;
        }

        var texts = upload.Texts with { Tags = Tags.Normalise(upload.Texts.Tags) };
        var asset = await assets.AddOrFind(
            new NewAsset(
                new(upload.Id.Value), received.Format, upload.FileName, received.SizeBytes, received.Sha256, upload.StorageProvider, upload.StorageKey,
                received.Format.IsProcessed ? AssetStatus.Processing : AssetStatus.Ready, SourceOf(upload.Kind), texts)
            {
                SourceUrl = PublicPartOf(upload.SourceUrl), Provider = upload.Provider, CreatedBy = received.By,
            },
            cancellationToken);

        var restores = asset.DeletedAt is not null && upload.OnTrashed is OnTrashed.Restore && context.Caller.Kind is not ActorKind.Guest;
        if (asset.DeletedAt is not null && !restores && upload.Kind is not (UploadKind.Direct or UploadKind.Stock))
        {
            Error waits = new UploadInConflict(asset.Id);
            await uploads.SaveConflict(received with { Upload = upload with { SourceUrl = PublicPartOf(upload.SourceUrl) } }, asset.Id, waits, cancellationToken);
            return waits;
        }

        if (asset.DeletedAt is not null && !restores)
        {
            Error reason = new SameBytesInTrash(asset.Id);
            await uploads.Reject(upload.Id, UploadStatus.Rejected, reason, cancellationToken);
            return reason;
        }

        if (session is { } of && withoutSession is null && await Elsewhere(upload.Id, asset.Id, of, upload.OnOtherSession, cancellationToken) is { } elsewhere)
        {
            await uploads.SaveConflict(received with { Upload = upload with { SourceUrl = PublicPartOf(upload.SourceUrl) } }, asset.Id, elsewhere, cancellationToken);
            return elsewhere;
        }

        if (asset.Added && received.Format.IsProcessed) await jobs.Enqueue(MediaJobs.Process(asset.Id, received.Format.Type), cancellationToken);
        if (restores)
        {
            var restored = await records.SaveRestored((await records.FindForUpdate(asset.Id.Value, cancellationToken))!, cancellationToken);
            if (!restored.Succeeded) return restored.As<UploadedMedia>();
        }

        if (!asset.Added && texts.Tags.Count > 0 && !isGuest) await assets.AddTags(asset.Id, texts.Tags, cancellationToken);
        await uploads.Complete(received, asset.Id, withoutSession, cancellationToken);
        return new UploadedMedia(upload.Id, asset.Id, asset.Added, restores);
    }

    /// <summary>Puts the asset into its session; or says why somebody has to decide first.</summary>
    private async Task<Error?> Elsewhere(UploadId upload, AssetId asset, Guid session, OnOtherSession onOther, CancellationToken cancellationToken)
    {
        var at = await sessions.Put(asset.Value, session, cancellationToken);
        if (at == session || onOther is OnOtherSession.Keep) return null;
        if (onOther is OnOtherSession.Ask) return new UploadForAnotherSession(upload, asset, at);

        await sessions.Move(asset.Value, session, cancellationToken);
        await jobs.Enqueue(new NewJob(JobType.SetCompilationRecalc, SubjectType: null, SubjectId: null, DedupeKey: null), cancellationToken);
        return null;
    }

    private static string SourceOf(UploadKind kind) => kind is UploadKind.Direct or UploadKind.Presigned or UploadKind.Multipart ? "upload" : Names.Of(kind);

    /// <summary>Without what may be a secret: user, password and query.</summary>
    internal static string? PublicPartOf(string? url) => url is null ? null : new Uri(url).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
