using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>What of an upload has arrived, with fresh links for what has not.</summary>
public sealed record ListUploadParts(UploadId Id) : IOperation<IReadOnlyList<UploadPart>>;

/// <summary>One part of an upload; what is sent in one go is one part.</summary>
/// <param name="Target">Where to send it; null when it has arrived.</param>
public sealed record UploadPart(int Number, long SizeBytes, bool Received, UploadTarget? Target);

internal sealed class ListUploadPartsHandler(IUploads uploads, IMediaStores stores, MediaOptions options, TimeProvider time)
    : IOperationHandler<ListUploadParts, IReadOnlyList<UploadPart>>
{
    public async Task<Result<IReadOnlyList<UploadPart>>> Handle(ListUploadParts command, CancellationToken cancellationToken)
    {
        if (await uploads.Find(command.Id, cancellationToken) is not { } state) return new UploadNotFound(command.Id);
        if (state.Upload.Kind is not (UploadKind.Presigned or UploadKind.Multipart)) return new UploadNotSent(command.Id);
        if (state.Status is not UploadStatus.Open) return new UploadNotOpen(command.Id, Names.Of(state.Status));

        var upload = state.Upload;
        var linksUntil = time.GetUtcNow() + options.UploadLinkLifetime;
        var expires = linksUntil < upload.ExpiresAt ? linksUntil : upload.ExpiresAt;
        if (expires <= time.GetUtcNow()) return new UploadExpired();

        try
        {
            var store = stores.Of(upload.StorageProvider);
            if (state.Layout is { } layout) return await PartsOf(store, state, layout, expires, cancellationToken);

            var incoming = StorageKeys.Incoming(upload.StorageKey);
            var size = upload.DeclaredSize!.Value;
            var received = await store.Head(incoming, cancellationToken) == size;
            return new[] { new UploadPart(1, size, received, received ? null : store.SignPut(incoming, size, upload.SentType, expires)) };
        }
        catch (StorageException exception)
        {
            return exception.Reason;
        }
    }

    private static async Task<Result<IReadOnlyList<UploadPart>>> PartsOf(IMediaStore store, UploadState state, PartLayout layout, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var (key, multipartId) = (state.Upload.StorageKey, state.MultipartId);
        if (multipartId is null || await store.ListParts(key, multipartId, cancellationToken) is not { } found) return new UploadExpired();

        var arrived = found.ToDictionary(part => part.Number, part => part.SizeBytes);
        return Enumerable.Range(1, layout.Count)
            .Select(number => arrived.GetValueOrDefault(number) == layout.LengthOf(number)
                ? new UploadPart(number, layout.LengthOf(number), Received: true, Target: null)
                : new UploadPart(number, layout.LengthOf(number), Received: false, store.SignPart(key, multipartId, number, layout, expires)))
            .ToArray();
    }
}
