using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Application.Media;

/// <summary>Takes a file in as it streams past: it is hashed on the way, never buffered whole, and is either an asset in the end or leaves nothing.</summary>
/// <param name="Content">The bytes, once.</param>
/// <param name="Texts">What the caller says of the file; asked for after the bytes, since a form's fields may follow its file.</param>
public sealed record UploadMedia(
    Stream Content, string? FileName, string? MimeType, OnTrashed OnTrashed, Func<CancellationToken, Task<Result<UploadTexts>>> Texts) : IOperation<UploadedMedia>;

/// <summary>The fields of an upload form.</summary>
/// <param name="OnTrashed">Overrides the request's.</param>
public sealed record UploadTexts(AssetTexts Texts, OnTrashed? OnTrashed);

/// <summary>Which asset the bytes are.</summary>
/// <param name="Created">False when the client had these bytes before.</param>
public sealed record UploadedMedia(UploadId UploadId, AssetId AssetId, bool Created, bool Restored);

internal sealed class UploadMediaHandler(
    ITransactions transactions, IUploads uploads, IMediaAssets assets, IJobs jobs, IMediaStore store, IValidator<AssetTexts> validator,
    CallContext context, MediaOptions options, TimeProvider time, ILogger<UploadMediaHandler> logger) : IOperationHandler<UploadMedia, UploadedMedia>
{
    public async Task<Result<UploadedMedia>> Handle(UploadMedia command, CancellationToken cancellationToken)
    {
        var id = new UploadId(Guid.CreateVersion7());
        var upload = new NewUpload(
            id, UploadKind.Direct, FileName.From(command.FileName).Value, command.MimeType, command.OnTrashed,
            store.Provider, StorageKeys.Original(context.Caller.ClientId, id), time.GetUtcNow() + options.UploadExpiry);

        var allowed = await transactions.Run(
            async ct =>
            {
                await uploads.Add(upload, ct);
                return await uploads.AllowedTypes(ct);
            },
            cancellationToken);

        var received = await Receive(command, upload, allowed, cancellationToken);
        if (!received.Succeeded) return await Reject(id, received.Errors);

        // From here on nothing is undone by hand: whether the transaction committed is the database's to say, and the sweep asks it.
        return await transactions.Run(ct => Resolve(upload, received.Value, ct), cancellationToken);
    }

    private async Task<Result<Received>> Receive(UploadMedia command, NewUpload upload, IReadOnlyList<string>? allowed, CancellationToken cancellationToken)
    {
        try
        {
            await using var incoming = new IncomingStream(command.Content, options.MaxFileBytes);
            var format = MediaGate.Check(await incoming.ReadHead(cancellationToken), command.FileName, command.MimeType, allowed);
            if (!format.Succeeded) return format.As<Received>();

            await store.Put(upload.StorageKey, incoming, cancellationToken);

            var texts = await command.Texts(cancellationToken);
            if (!texts.Succeeded) return texts.As<Received>();
            var failures = validator.Validate(texts.Value.Texts).Errors;
            if (failures.Count > 0) return failures.Select(ToError).ToArray();

            return new Received(format.Value, incoming.BytesRead, incoming.Hash(), texts.Value);
        }
        catch (FileTooLargeException)
        {
            return new UploadTooLarge(options.MaxFileBytes);
        }
        catch (StorageException exception)
        {
            logger.LogError(exception, "The media storage took no bytes for upload {UploadId}", upload.Id.Value);
            return exception.IsFull ? new StorageFull() : new StorageUnavailable();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return new UploadIncomplete(); // the caller went away, or its body ended early
        }
    }

    private async Task<Result<UploadedMedia>> Resolve(NewUpload upload, Received received, CancellationToken cancellationToken)
    {
        if (!await uploads.LockOpen(upload.Id, cancellationToken)) return new UploadExpired();

        var renders = received.Format.Type is MediaType.Image or MediaType.Video or MediaType.Audio;
        var texts = received.Form.Texts with { Tags = Tags.Normalise(received.Form.Texts.Tags) };
        var asset = await assets.AddOrFind(
            new NewAsset(
                new(upload.Id.Value), received.Format, upload.FileName, received.SizeBytes, received.Sha256, upload.StorageProvider, upload.StorageKey,
                renders ? AssetStatus.Processing : AssetStatus.Ready, "upload", texts),
            cancellationToken);

        var restores = asset.DeletedAt is not null && (received.Form.OnTrashed ?? upload.OnTrashed) is OnTrashed.Restore;
        if (asset.DeletedAt is not null && !restores)
        {
            Error reason = new SameBytesInTrash(asset.Id);
            await uploads.Reject(upload.Id, UploadStatus.Rejected, reason, cancellationToken);
            return reason;
        }

        if (asset.Added && renders) await jobs.Enqueue(MediaJobs.Process(asset.Id, received.Format.Type), cancellationToken);
        if (restores) await assets.SaveRestored((await assets.FindForUpdate(asset.Id, cancellationToken))! with { DeletedAt = null }, cancellationToken);
        if (!asset.Added && texts.Tags.Count > 0) await assets.AddTags(asset.Id, texts.Tags, cancellationToken);
        await uploads.Complete(upload.Id, asset.Id, received.SizeBytes, received.Sha256, cancellationToken);
        return new UploadedMedia(upload.Id, asset.Id, asset.Added, restores);
    }

    private async Task<Result<UploadedMedia>> Reject(UploadId id, IReadOnlyList<Error> reasons)
    {
        // the caller may be gone; what it left must be cleared all the same
        await transactions.Run(ct => uploads.Reject(id, UploadStatus.Rejected, reasons[0], ct), CancellationToken.None);
        return reasons.ToArray();
    }

    private static Error ToError(FluentValidation.Results.ValidationFailure failure) =>
        new InvalidError("VALIDATION_ERROR", failure.ErrorMessage, System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.PropertyName));

    private sealed record Received(FileFormat Format, long SizeBytes, byte[] Sha256, UploadTexts Form);
}
