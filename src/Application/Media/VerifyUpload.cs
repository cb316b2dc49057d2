using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>UPLOAD_VERIFY: takes the bytes of an upload that did not pass through the API through the gate that all others pass, and makes an asset of them.</summary>
internal sealed class VerifyUpload(ITransactions transactions, IUploads uploads, IMediaStores stores, FetchedUploads fetched, UploadReceiver receiver, UploadResolver resolver, MediaOptions options)
    : IJobHandler
{
    public string JobType => Domain.Jobs.JobType.UploadVerify.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var id = new UploadId(run.Job.SubjectId!.Value);
        if (await uploads.Find(id, cancellationToken) is not { Status: UploadStatus.Received or UploadStatus.Verifying } state)
        {
            run.Note("verify", "The upload has come to an end meanwhile.");
            return new JobResult.Succeeded(ct => uploads.LetGo(id, ct)); // an attempt before may have stored something since
        }

        if (state.Status is UploadStatus.Received) await transactions.Run(ct => uploads.SaveVerifying(id, ct), cancellationToken);

        var retryable = false;
        var received = state.Upload.Kind is UploadKind.Url
            ? await run.Stage("fetch", Fetch, ErrorOf)
            : await run.Stage("verify", Look, ErrorOf);
        if (!received.Succeeded) return new JobResult.Failed(ErrorOf(received)!, retryable);

        var upload = received.Value with { By = new(state.CreatedByKind, state.CreatedBy) };
        return new JobResult.Succeeded(ct => resolver.Resolve(upload, ct));

        async Task<Result<ReceivedUpload>> Look()
        {
            try
            {
                return await Read(run, state.Upload, cancellationToken);
            }
            catch (ObjectChangedException)
            {
                retryable = true; // its owner is at it
                return new OriginalChanged();
            }
        }

        async Task<Result<ReceivedUpload>> Fetch()
        {
            try
            {
                return await fetched.Receive(
                    state.Upload, new Uri(state.Upload.SourceUrl!), await uploads.AllowedTypes(cancellationToken), admit: null, (read, length) => run.Progress = ProgressOf(read, length), cancellationToken);
            }
            catch (UrlFetchException exception)
            {
                retryable = exception.Retryable;
                return exception.Error;
            }
        }
    }

    /// <summary>What a client has sent in one go is stored once more, where nobody has a link to; all else is read where it will stay.</summary>
    private async Task<Result<ReceivedUpload>> Read(JobRun run, NewUpload upload, CancellationToken cancellationToken)
    {
        var (store, isSent) = (stores.Of(upload.StorageProvider), upload.Kind is UploadKind.Presigned);
        if (upload.Kind is UploadKind.Registered)
        {
            var address = S3Uri.Parse(upload.StorageKey);
            if (address?.IsBelow(await uploads.AllowedS3Prefixes(cancellationToken)) is not true) return new S3PrefixNotAllowed("uri");
            if (await store.Pin(address, cancellationToken) is not { } pinned) return new RegisteredNotFound();
            upload = upload with { StorageKey = pinned };
        }

        await using var source = await store.Open(isSent ? StorageKeys.Incoming(upload.StorageKey) : upload.StorageKey, cancellationToken);
        if (source is null) return upload.Kind is UploadKind.Registered ? new RegisteredNotFound() : new UploadNotReceived();
        if (source.Length > options.MaxFileBytes) return new UploadTooLarge(options.MaxFileBytes);
        return await Receive(run, upload, source, source.Length, isStored: !isSent, cancellationToken);
    }

    private async Task<Result<ReceivedUpload>> Receive(JobRun run, NewUpload upload, Stream content, long? length, bool isStored, CancellationToken cancellationToken) =>
        await receiver.Receive(
            upload, content, isStored, await uploads.AllowedTypes(cancellationToken), read => run.Progress = ProgressOf(read, length), cancellationToken);

    private static int ProgressOf(long read, long? length) => length is > 0 ? (int)(99 * read / length) : 50;

    private static JobError? ErrorOf(Result<ReceivedUpload> result) => result.Succeeded ? null : JobError.Of(result.Errors[0]);
}
