using FluentValidation;
using MediaPlatform.Application.Access;
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
/// <param name="Sha256">What the caller takes it for; checked.</param>
public sealed record UploadTexts(AssetTexts Texts, OnTrashed? OnTrashed, byte[]? Sha256 = null);

/// <summary>Which asset the bytes are.</summary>
/// <param name="Created">False when the client had these bytes before.</param>
public sealed record UploadedMedia(UploadId UploadId, AssetId AssetId, bool Created, bool Restored);

internal sealed class UploadMediaHandler(
    DirectUploads direct, ITransactions transactions, IUploads uploads, IMediaStores stores, UploadReceiver receiver, UploadResolver resolver, IValidator<AssetTexts> validator, CallContext context,
    MediaOptions options, TimeProvider time, ILogger<UploadMediaHandler> logger)
    : IOperationHandler<UploadMedia, UploadedMedia>
{
    public async Task<Result<UploadedMedia>> Handle(UploadMedia command, CancellationToken cancellationToken)
    {
        using var turn = await direct.Enter(cancellationToken);
        if (turn is null) return new UploadsBusy();

        var id = new UploadId(Guid.CreateVersion7());
        var upload = new NewUpload(
            id, UploadKind.Direct, FileName.From(command.FileName).Value, command.MimeType, command.OnTrashed, stores.Origin.Provider,
            StorageKeys.Original(context.Caller.ClientId, id), time.GetUtcNow() + options.UploadExpiry);
        var allowed = await transactions.Run(
            async ct =>
            {
                await uploads.Add(upload, ct);
                return await uploads.AllowedTypes(ct);
            },
            cancellationToken);

        var received = await Receive(command, upload, allowed, cancellationToken);
        if (!received.Succeeded) return await Reject(upload.Id, received.Errors);

        // From here on nothing is undone by hand: whether the transaction committed is the database's to say, and the sweep asks it.
        return await transactions.Run(ct => resolver.Resolve(received.Value, ct), cancellationToken);
    }

    private async Task<Result<ReceivedUpload>> Receive(UploadMedia command, NewUpload upload, IReadOnlyList<string>? allowed, CancellationToken cancellationToken)
    {
        try
        {
            return await receiver.Receive(upload, command.Content, isStored: false, allowed, ct => Validated(command, ct), progress: null, cancellationToken);
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

    private async Task<Result<UploadTexts>> Validated(UploadMedia command, CancellationToken cancellationToken)
    {
        var said = await command.Texts(cancellationToken);
        if (!said.Succeeded) return said;

        var failures = validator.Validate(said.Value.Texts).Errors;
        return failures.Count > 0 ? failures.Select(ToError).ToArray() : said;
    }

    private async Task<Result<UploadedMedia>> Reject(UploadId id, IReadOnlyList<Error> reasons)
    {
        // the caller may be gone; what it left must be cleared all the same
        await transactions.Run(ct => uploads.Reject(id, UploadStatus.Rejected, reasons[0], ct), CancellationToken.None);
        return reasons.ToArray();
    }

    private static Error ToError(FluentValidation.Results.ValidationFailure failure) =>
        new InvalidError("VALIDATION_ERROR", failure.ErrorMessage, System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.PropertyName));
}
