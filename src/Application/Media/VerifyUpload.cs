using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>UPLOAD_VERIFY: takes the bytes of an upload that did not pass through the API through the gate that all others pass, and makes an asset of them.</summary>
internal sealed class VerifyUpload(ITransactions transactions, IUploads uploads, IMediaStores stores, UploadReceiver receiver, UploadResolver resolver) : IJobHandler
{
    public string JobType => Domain.Jobs.JobType.UploadVerify.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var id = new UploadId(run.Job.SubjectId!.Value);
        if (await uploads.Find(id, cancellationToken) is not { Status: UploadStatus.Received or UploadStatus.Verifying } state)
        {
            run.Note("verify", "The upload has come to an end meanwhile.");
            return JobResult.Nothing;
        }

        if (state.Status is UploadStatus.Received) await transactions.Run(ct => uploads.SaveVerifying(id, ct), cancellationToken);

        var received = await run.Stage("verify", () => Receive(run, state, cancellationToken), result => result.Succeeded ? null : JobError.Of(result.Errors[0]));
        if (!received.Succeeded) return new JobResult.Failed(JobError.Of(received.Errors[0]), Retryable: received.Errors[0].Kind is ErrorKind.Unavailable);
        return new JobResult.Succeeded(ct => resolver.Resolve(received.Value, ct));
    }

    private async Task<Result<ReceivedUpload>> Receive(JobRun run, UploadState state, CancellationToken cancellationToken)
    {
        var upload = state.Upload;
        var store = stores.Of(upload.StorageProvider);
        await using var source = await store.Open(upload.Kind is UploadKind.Presigned ? UploadJobs.IncomingKey(upload) : upload.StorageKey, cancellationToken);
        if (source is null) return upload.Kind is UploadKind.Registered ? new RegisteredNotFound() : new UploadNotReceived();

        var allowed = await uploads.AllowedTypes(cancellationToken);
        var length = Math.Max(1, source.Length);
        var received = await receiver.Receive(
            upload, source, isStored: upload.Kind is not UploadKind.Presigned, allowed, _ => Task.FromResult<Result<UploadTexts>>(new UploadTexts(upload.Texts, OnTrashed: null)),
            read => run.Progress = (int)(99 * read / length), cancellationToken);
        return received.Succeeded ? received.Value with { By = new(state.CreatedByKind, state.CreatedBy) } : received;
    }
}
