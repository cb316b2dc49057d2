using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Where bytes lie. Keys are relative, opaque and made by the server.</summary>
public interface IMediaStore
{
    /// <summary>The name that assets record, such as <c>local</c>.</summary>
    string Provider { get; }

    /// <summary>Stores a stream of any length under a key. Either all of it is there afterwards, durably, or nothing is.</summary>
    /// <exception cref="StorageException">The store is full or cannot be reached. What the stream throws passes through.</exception>
    Task Put(string key, Stream content, CancellationToken cancellationToken);

    /// <summary>A seekable stream of an object, or null when there is none.</summary>
    /// <exception cref="StorageException">The store cannot be reached.</exception>
    Task<Stream?> Open(string key, CancellationToken cancellationToken);

    /// <summary>Removes an object for good, all versions of it; with a key that ends in <c>/</c>, all objects below it. What is not there is no error.</summary>
    /// <exception cref="StorageException">The store cannot be reached.</exception>
    Task Delete(string key, CancellationToken cancellationToken);

    /// <summary>An object as a file that decoders can read: the file itself on local disk, a temporary copy elsewhere.</summary>
    /// <returns>Null when there is none.</returns>
    Task<LocalFile?> OpenFile(string key, CancellationToken cancellationToken);

    /// <summary>Removes what writers that died have left unfinished.</summary>
    Task RemoveLeftovers(TimeSpan olderThan, CancellationToken cancellationToken);

    /// <summary>Null when objects can be written, else one sentence.</summary>
    Task<string?> Check(CancellationToken cancellationToken);
}

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
    : OutageException(JobError.Of(isFull ? new StorageFull() : new StorageUnavailable()), message, innerException)
{
    /// <summary>True when there is no room, rather than no store.</summary>
    public bool IsFull => isFull;
}
