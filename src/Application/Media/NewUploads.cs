using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Begins uploads whose bytes come to lie in our own storage, under a key of their own.</summary>
internal sealed class NewUploads(IMediaStores stores, CallContext context, MediaOptions options, TimeProvider time)
{
    /// <param name="onTrashed">A guest restores nothing.</param>
    public NewUpload Of(UploadKind kind, string? fileName, string? mimeType, OnTrashed onTrashed)
    {
        var id = new UploadId(Guid.CreateVersion7());
        return new(
            id, kind, FileName.From(fileName).Value, mimeType, context.Caller.Kind is ActorKind.Guest ? OnTrashed.Refuse : onTrashed, stores.Origin.Provider, StorageKeys.Original(context.Caller.ClientId, id),
            time.GetUtcNow() + options.UploadExpiry);
    }
}
