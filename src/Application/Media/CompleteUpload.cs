using FluentValidation;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Says that all bytes of an upload have been sent. They are looked at by the worker; again is no error.</summary>
/// <param name="Sha256">As hexadecimal, when it is known by now; checked.</param>
public sealed record CompleteUpload(UploadId Id, string? Sha256) : IOperation<UploadId>;

internal sealed class CompleteUploadValidator : AbstractValidator<CompleteUpload>
{
    public CompleteUploadValidator() => RuleFor(upload => upload.Sha256).Sha256();
}

internal sealed class CompleteUploadHandler(ITransactions transactions, IUploads uploads, IMediaStores stores, IJobs jobs) : IOperationHandler<CompleteUpload, UploadId>
{
    public async Task<Result<UploadId>> Handle(CompleteUpload command, CancellationToken cancellationToken)
    {
        if (await uploads.Find(command.Id, cancellationToken) is not { } state) return new UploadNotFound(command.Id);
        if (state.Upload.Kind is not (UploadKind.Presigned or UploadKind.Multipart)) return new UploadNotSent(command.Id);
        var sha256 = Hashes.Parse(command.Sha256);
        if (sha256 is not null && state.Upload.DeclaredSha256 is { } declared && !declared.AsSpan().SequenceEqual(sha256))
            return new UploadHashMismatch(Convert.ToHexStringLower(declared), Convert.ToHexStringLower(sha256));
        if (state.Status is UploadStatus.Received or UploadStatus.Verifying or UploadStatus.Completed) return command.Id;
        if (state.Status is UploadStatus.Expired) return new UploadExpired();
        if (state.Status is not UploadStatus.Open) return new UploadNotOpen(command.Id, Names.Of(state.Status));

        try
        {
            if (await WhatIsMissing(state, cancellationToken) is { } missing) return missing;
        }
        catch (PartBusyException)
        {
            return new UploadPartBusy();
        }
        catch (StorageException exception)
        {
            return exception.Reason;
        }

        return await transactions.Run<Result<UploadId>>(
            async ct =>
            {
                var now = (await uploads.FindForUpdate(command.Id, ct))!;
                if (now.Status is UploadStatus.Received or UploadStatus.Verifying or UploadStatus.Completed) return command.Id;
                if (now.Status is not UploadStatus.Open)
                {
                    await uploads.LetGo(command.Id, ct); // what was just put together came after those who cleared up
                    return now.Status is UploadStatus.Expired ? new UploadExpired() : new UploadNotOpen(command.Id, Names.Of(now.Status));
                }

                await uploads.SaveReceived(command.Id, sha256, ct);
                await jobs.Enqueue(MediaJobs.Verify(command.Id), ct);
                return command.Id;
            },
            cancellationToken);
    }

    private async Task<Error?> WhatIsMissing(UploadState state, CancellationToken cancellationToken)
    {
        var (upload, store) = (state.Upload, stores.Of(state.Upload.StorageProvider));
        if (state.Layout is not { } layout) return OfSize(upload, await store.Head(StorageKeys.Incoming(upload.StorageKey), cancellationToken));

        if (state.MultipartId is not { } multipartId) return new UploadNotReceived(); // whoever began it went away in the middle

        // null: they were put together before, and nobody could write that down
        if (await store.ListParts(upload.StorageKey, multipartId, cancellationToken) is not { } parts)
            return OfSize(upload, await store.Head(upload.StorageKey, cancellationToken));

        var arrived = parts.Where(part => part.Number <= layout.Count && part.SizeBytes == layout.LengthOf(part.Number)).Select(part => part.Number).ToHashSet();
        var missing = Enumerable.Range(1, layout.Count).Where(number => !arrived.Contains(number)).ToArray();
        if (missing.Length > 0) return new UploadPartsMissing(missing);

        await store.CompleteParts(upload.StorageKey, multipartId, parts, cancellationToken);
        return OfSize(upload, await store.Head(upload.StorageKey, cancellationToken));
    }

    private static Error? OfSize(NewUpload upload, long? size) => size switch
    {
        null => new UploadNotReceived(),
        { } actual when actual != upload.DeclaredSize => new UploadSizeMismatch(upload.DeclaredSize!.Value, actual),
        _ => null,
    };
}
