using FluentValidation;
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
    DirectUploads direct, ITransactions transactions, IUploads uploads, NewUploads newUploads, UploadReceiver receiver, UploadResolver resolver,
    IEnumerable<IValidator<AssetTexts>> validators, ILogger<UploadMediaHandler> logger)
    : IOperationHandler<UploadMedia, UploadedMedia>
{
    public async Task<Result<UploadedMedia>> Handle(UploadMedia command, CancellationToken cancellationToken)
    {
        using var turn = await direct.Enter(cancellationToken);
        if (turn is null) return new UploadsBusy();

        var upload = newUploads.Of(UploadKind.Direct, command.FileName, command.MimeType, command.OnTrashed);
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

    /// <summary>The bytes, and then what is said of them.</summary>
    private async Task<Result<ReceivedUpload>> Receive(UploadMedia command, NewUpload upload, IReadOnlyList<string>? allowed, CancellationToken cancellationToken)
    {
        try
        {
            var received = await receiver.Receive(upload, command.Content, isStored: false, allowed, progress: null, cancellationToken);
            if (!received.Succeeded) return received;

            var said = await command.Texts(cancellationToken);
            if (!said.Succeeded) return said.As<ReceivedUpload>();

            var (texts, onTrashed, sha256) = said.Value;
            if (validators.ErrorsOf(texts) is { Length: > 0 } wrong) return wrong;
            return (received.Value with { Upload = upload with { Texts = texts, OnTrashed = onTrashed ?? upload.OnTrashed, DeclaredSha256 = sha256 } }).AsDeclared();
        }
        catch (StorageException exception)
        {
            logger.LogError(exception, "The media storage took no bytes for upload {UploadId}", upload.Id.Value);
            return exception.Reason;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return new UploadIncomplete(); // the caller went away, or its body ended early
        }
    }

    private async Task<Result<UploadedMedia>> Reject(UploadId id, IReadOnlyList<Error> reasons)
    {
        // the caller may be gone; what it left must be cleared all the same
        await transactions.Run(ct => uploads.Reject(id, UploadStatus.Rejected, reasons[0], ct), CancellationToken.None);
        return reasons.ToArray();
    }
}

/// <summary>How many files pass through this process at once: each holds memory for as long as its sender takes.</summary>
internal sealed class DirectUploads(MediaOptions options) : IDisposable
{
    private readonly SemaphoreSlim places = new(options.MaxDirectUploads);

    /// <summary>Waits for a turn, which ends when it is disposed of; null when none came within <see cref="MediaOptions.DirectUploadPatience"/>.</summary>
    public async Task<IDisposable?> Enter(CancellationToken cancellationToken) =>
        await places.WaitAsync(options.DirectUploadPatience, cancellationToken) ? new Turn(places) : null;

    public void Dispose() => places.Dispose();

    private sealed class Turn(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
