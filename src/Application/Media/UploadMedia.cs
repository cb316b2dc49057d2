using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

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

internal sealed class UploadMediaHandler(ITransactions transactions, IUploads uploads, UploadReceiver receiver, UploadResolver resolver, CallContext context)
    : IOperationHandler<UploadMedia, UploadedMedia>
{
    public async Task<Result<UploadedMedia>> Handle(UploadMedia command, CancellationToken cancellationToken)
    {
        var upload = receiver.Begin(context.Caller.ClientId, command);
        var allowed = await transactions.Run(
            async ct =>
            {
                await uploads.Add(upload, ct);
                return await uploads.AllowedTypes(ct);
            },
            cancellationToken);

        var received = await receiver.Receive(command, upload, allowed, cancellationToken);
        if (!received.Succeeded) return await Reject(upload.Id, received.Errors);

        // From here on nothing is undone by hand: whether the transaction committed is the database's to say, and the sweep asks it.
        return await transactions.Run(ct => resolver.Resolve(received.Value, ct), cancellationToken);
    }

    private async Task<Result<UploadedMedia>> Reject(UploadId id, IReadOnlyList<Error> reasons)
    {
        // the caller may be gone; what it left must be cleared all the same
        await transactions.Run(ct => uploads.Reject(id, UploadStatus.Rejected, reasons[0], ct), CancellationToken.None);
        return reasons.ToArray();
    }
}
