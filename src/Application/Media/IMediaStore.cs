using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Where bytes lie. Keys are relative, opaque and made by the server.</summary>
public interface IMediaStore
{
    /// <summary>The name that assets record: <c>local</c>, <c>s3</c> or <c>r2</c>.</summary>
    string Provider { get; }

    /// <summary>Stores a stream of any length under a key. Either all of it is there afterwards, durably, or nothing is.</summary>
    /// <param name="mimeType">What the bytes are, for whoever reads the store without us.</param>
    /// <exception cref="StorageException">The store is full or cannot be reached. What the stream throws passes through.</exception>
    Task Put(string key, Stream content, string mimeType, CancellationToken cancellationToken);

    /// <summary>A seekable stream of an object, or null when there is none. It never gives bytes of another object that took the key since.</summary>
    /// <exception cref="StorageException">The store cannot be reached, or the object was deleted under the reader.</exception>
    /// <exception cref="ObjectChangedException">Other bytes lie under a registered address than when it was pinned; the stream throws it as well.</exception>
    Task<Stream?> Open(string key, CancellationToken cancellationToken);

    /// <summary>The key of the bytes that lie under a registered address now, and of no others that come to lie there; null when there are none.</summary>
    /// <exception cref="StorageException">The store cannot be reached.</exception>
    Task<string?> Pin(S3Uri address, CancellationToken cancellationToken);

    /// <summary>How long an object is, in bytes; null when there is none.</summary>
    /// <exception cref="StorageException">The store cannot be reached.</exception>
    Task<long?> Head(string key, CancellationToken cancellationToken);

    /// <summary>The objects whose keys begin with a prefix, in the order of their keys.</summary>
    /// <exception cref="StorageException">The store cannot be reached.</exception>
    IAsyncEnumerable<StoredObject> List(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Removes an object for good, all versions of it and all parts that wait for it; with a key that ends in <c>/</c>, all objects below it.
    /// What is not there is no error.
    /// </summary>
    /// <exception cref="StorageException">The store cannot be reached.</exception>
    Task Delete(string key, CancellationToken cancellationToken);

    /// <summary>An object as a file that decoders can read: the file itself on local disk, a temporary copy elsewhere.</summary>
    /// <returns>Null when there is none.</returns>
    Task<LocalFile?> OpenFile(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Where a client sends the bytes of an object itself. It may send others later, until the link expires: such a key is not one
    /// that an asset's bytes stay under.
    /// </summary>
    /// <param name="length">The bytes that must come, no more and no fewer.</param>
    UploadTarget SignPut(string key, long length, string mimeType, DateTimeOffset expires);

    /// <summary>Begins an object that comes in parts.</summary>
    /// <param name="layout">How long the whole and its parts are.</param>
    /// <returns>The name that the store gives the undertaking.</returns>
    /// <exception cref="StorageException">The store is full or cannot be reached.</exception>
    Task<string> BeginParts(string key, string mimeType, PartLayout layout, CancellationToken cancellationToken);

    /// <summary>Where a client sends one part. It may be sent again, until the whole is completed.</summary>
    /// <param name="number">From 1.</param>
    UploadTarget SignPart(string key, string multipartId, int number, PartLayout layout, DateTimeOffset expires);

    /// <summary>The parts that have arrived, by number; null when there is no such undertaking any more.</summary>
    /// <exception cref="StorageException">The store cannot be reached.</exception>
    Task<IReadOnlyList<StoredPart>?> ListParts(string key, string multipartId, CancellationToken cancellationToken);

    /// <summary>Makes one object of all parts. Where there is no such undertaking any more, as when it was completed before, that is no error.</summary>
    /// <exception cref="PartBusyException">One of them is being sent again.</exception>
    /// <exception cref="StorageException">The store is full or cannot be reached.</exception>
    Task CompleteParts(string key, string multipartId, IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken);

    /// <summary>Removes what writers that died have left unfinished.</summary>
    Task RemoveLeftovers(TimeSpan olderThan, CancellationToken cancellationToken);

    /// <summary>Null when objects can be written, else one sentence.</summary>
    Task<string?> Check(CancellationToken cancellationToken);
}

/// <summary>The stores that are configured. New objects go to one; each object is read where it was put.</summary>
public interface IMediaStores
{
    /// <summary>Where new objects go.</summary>
    IMediaStore Origin { get; }

    /// <summary>Where new thumbnails go: a bucket of their own where one is configured, else the origin.</summary>
    IMediaStore Thumbnails { get; }

    /// <summary>All of them, the origin first.</summary>
    IReadOnlyList<IMediaStore> All { get; }

    /// <summary>The store that registered objects are read from; null where none is configured that could.</summary>
    IMediaStore? ForRegistered { get; }

    /// <summary>The store that an object was put into.</summary>
    /// <exception cref="StorageException">It is not configured any more.</exception>
    IMediaStore Of(string provider);
}

/// <summary>An object as a list shows it.</summary>
public sealed record StoredObject(string Key, long SizeBytes, DateTimeOffset ModifiedAt);

/// <summary>A request that a client makes with the bytes as its body.</summary>
/// <param name="Url">Absolute, or a path of this API.</param>
/// <param name="Headers">To be sent exactly so; the length is that of the body.</param>
public sealed record UploadTarget(string Method, string Url, IReadOnlyDictionary<string, string> Headers, DateTimeOffset ExpiresAt);

/// <summary>A part that has arrived.</summary>
/// <param name="Tag">What the store calls these bytes.</param>
public sealed record StoredPart(int Number, long SizeBytes, string Tag);

/// <summary>A file that is there until it is disposed of.</summary>
public sealed class LocalFile(string path, Action? discard = null) : IDisposable
{
    /// <summary>Absolute.</summary>
    public string Path => path;

    public void Dispose() => discard?.Invoke();
}

/// <summary>The store is full, or cannot be reached.</summary>
/// <param name="isFull">True when there is no room, rather than no store.</param>
public sealed class StorageException(string message, Exception? innerException = null, bool isFull = false)
    : OutageException(JobError.Of(Of(isFull)), message, innerException)
{
    /// <summary>What a caller is told.</summary>
    public Error Reason => Of(isFull);

    /// <summary>True when there is no room, rather than no store.</summary>
    public bool IsFull => isFull;

    private static Error Of(bool isFull) => isFull ? new StorageFull() : new StorageUnavailable();
}

/// <summary>Other bytes lie under a registered address than when they were looked at.</summary>
public sealed class ObjectChangedException(Exception? innerException = null) : FaultException(JobError.Of(new OriginalChanged()), innerException);

/// <summary>Another request is sending a part.</summary>
public sealed class PartBusyException(string message, Exception? innerException = null) : IOException(message, innerException);
