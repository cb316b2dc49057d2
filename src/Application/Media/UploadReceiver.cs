using FluentValidation;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Application.Media;

/// <summary>Takes bytes into the store as they stream past: bounded, hashed, and of a type that is read from them.</summary>
internal sealed class UploadReceiver(IMediaStores stores, IValidator<AssetTexts> validator, MediaOptions options, TimeProvider time, ILogger<UploadReceiver> logger)
{
    /// <summary>An upload before its bytes, with the place where they will lie.</summary>
    public NewUpload Begin(Guid clientId, UploadMedia command)
    {
        var id = new UploadId(Guid.CreateVersion7());
        return new(
            id, UploadKind.Direct, FileName.From(command.FileName).Value, command.MimeType, command.OnTrashed, stores.Origin.Provider, StorageKeys.Original(clientId, id),
            time.GetUtcNow() + options.UploadExpiry);
    }

    /// <summary>Stores the bytes. After a failure some may lie there: whoever rejects the upload lets them go.</summary>
    public async Task<Result<ReceivedUpload>> Receive(UploadMedia command, NewUpload upload, IReadOnlyList<string>? allowed, CancellationToken cancellationToken)
    {
        try
        {
            await using var incoming = new IncomingStream(command.Content, options.MaxFileBytes);
            var format = MediaGate.Check(await incoming.ReadHead(cancellationToken), command.FileName, command.MimeType, allowed);
            if (!format.Succeeded) return format.As<ReceivedUpload>();

            await stores.Of(upload.StorageProvider).Put(upload.StorageKey, incoming, format.Value.MimeType, cancellationToken);

            var texts = await command.Texts(cancellationToken);
            if (!texts.Succeeded) return texts.As<ReceivedUpload>();
            var failures = validator.Validate(texts.Value.Texts).Errors;
            if (failures.Count > 0) return failures.Select(ToError).ToArray();

            return new ReceivedUpload(upload, format.Value, incoming.BytesRead, incoming.Hash(), texts.Value);
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

    private static Error ToError(FluentValidation.Results.ValidationFailure failure) =>
        new InvalidError("VALIDATION_ERROR", failure.ErrorMessage, System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.PropertyName));
}

/// <summary>An upload whose bytes are stored.</summary>
internal sealed record ReceivedUpload(NewUpload Upload, FileFormat Format, long SizeBytes, byte[] Sha256, UploadTexts Form);
