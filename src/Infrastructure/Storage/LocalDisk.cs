using System.Runtime.ExceptionServices;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>
/// Media on local disk. Bytes go to a temporary name, are flushed to the disk and then renamed, so that a key either has all of
/// its bytes or does not exist. Every path is resolved and must lie under the root.
/// </summary>
internal sealed class LocalDisk : IMediaStore
{
    private const string Incoming = ".incoming";
    private const int BufferSize = 1 << 17;
    private const int MaxTries = 100; // each needs a new delete at the right microsecond

    private readonly string root;
    private readonly long minFreeBytes;

    public LocalDisk(StorageOptions options)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Root));
        minFreeBytes = options.MinFreeBytes;
    }

    public string Provider => "local";

    public async Task Put(string key, Stream content, CancellationToken cancellationToken)
    {
        var target = PathOf(key);
        string? temporary = null;
        try
        {
            EnsureRoom();
            temporary = Path.Combine(Directory.CreateDirectory(Path.Combine(root, Incoming)).FullName, $"{Guid.NewGuid():n}.part");
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                await Copy(content, file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            Place(temporary, target);
        }
        catch (Exception exception)
        {
            if (temporary is not null) Discard(temporary);
            if (exception is SourceException { InnerException: { } fault }) ExceptionDispatchInfo.Throw(fault);
            if (exception is IOException or UnauthorizedAccessException) throw Outage(exception);
            throw;
        }
    }

    public Task<Stream?> Open(string key, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(key), new FileStreamOptions
            {
                Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0,
            }));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Directory.Exists(root) ? Task.FromResult<Stream?>(null) : throw Outage(exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Outage(exception);
        }
    }

    public Task Delete(string key, CancellationToken cancellationToken)
    {
        try
        {
            if (!Directory.Exists(root)) throw new DirectoryNotFoundException("The root of the media storage is not there.");
            var path = PathOf(key);
            if (key.EndsWith('/') && Directory.Exists(path)) Directory.Delete(path, recursive: true);
            if (File.Exists(path)) File.Delete(path);
            RemoveEmptyFolder(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path))!);
            return Task.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Outage(exception);
        }
    }

    public Task<LocalFile?> OpenFile(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (File.Exists(path)) return Task.FromResult<LocalFile?>(new LocalFile(path));
        return Directory.Exists(root) ? Task.FromResult<LocalFile?>(null) : throw new StorageException("The root of the media storage is not there.");
    }

    public Task<string?> Check(CancellationToken cancellationToken)
    {
        try
        {
            EnsureRoom();
            var probe = Path.Combine(Directory.CreateDirectory(Path.Combine(root, Incoming)).FullName, $"{Guid.NewGuid():n}.probe");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return Task.FromResult<string?>(null);
        }
        catch (StorageException exception) when (exception.IsFull)
        {
            return Task.FromResult<string?>("The disk is full.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StorageException)
        {
            return Task.FromResult<string?>("The folder cannot be written to.");
        }
    }

    public Task RemoveLeftovers(TimeSpan olderThan, CancellationToken cancellationToken)
    {
        var incoming = new DirectoryInfo(Path.Combine(root, Incoming));
        foreach (var file in incoming.Exists ? incoming.EnumerateFiles() : [])
        {
            if (DateTime.UtcNow - file.LastWriteTimeUtc > olderThan) file.Delete(); // whoever still writes is younger than that
        }

        return Task.CompletedTask;
    }

    private string PathOf(string key)
    {
        var path = Path.GetFullPath(Path.Combine(root, key));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException("The key leads out of the storage.", nameof(key));
    }

    private void EnsureRoot()
    {
        if (!Directory.Exists(root)) throw new StorageException("The root of the media storage is not there.");
    }

    private void EnsureRoom()
    {
        EnsureRoot();
        if (new DriveInfo(root).AvailableFreeSpace < minFreeBytes) throw new StorageException("The disk has less room than Storage:MinFreeBytes.") { IsFull = true };
    }

    /// <summary>Somebody may remove a folder as empty just after it was made here; then it is made again.</summary>
    private void Place(string temporary, string target)
    {
        for (var tries = 1; ; tries++)
        {
            EnsureRoot(); // else the folders would be made where the disk is not mounted any more
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Move(temporary, target, overwrite: true);
                return;
            }
            catch (IOException exception) when (exception is DirectoryNotFoundException or FileNotFoundException && tries < MaxTries && File.Exists(temporary))
            {
                // once more
            }
        }
    }

    private static async Task Copy(Stream content, FileStream file, CancellationToken cancellationToken)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await Read(content, buffer, cancellationToken)) > 0) await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Tells a fault of the stream, which is its owner's, from one of the disk, which is ours.</summary>
    private static async Task<int> Read(Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SourceException("The stream gave no bytes.", exception);
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return; // the disk is away; RemoveLeftovers finds it when it is back
        }
    }

    private void RemoveEmptyFolder(string folder)
    {
        // two levels: the upload's own folder and the one that spreads them; the client's stays
        for (var level = 0; level < 2 && folder.Length > root.Length && Directory.Exists(folder); level++)
        {
            try
            {
                if (Directory.EnumerateFileSystemEntries(folder).Any()) return;
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                return; // somebody else wrote into it, or removed it, at this moment: either is fine
            }

            folder = Path.GetDirectoryName(folder)!;
        }
    }

    private static StorageException Outage(Exception cause) => new("The media storage does not work.", cause) { IsFull = IsNoSpace(cause) };

    /// <summary>ENOSPC (28) or EDQUOT (122), as .NET passes them on; see errno(3).</summary>
    private static bool IsNoSpace(Exception exception) => (exception.HResult & 0xFFFF) is 28 or 122;

    private sealed class SourceException(string message, Exception innerException) : Exception(message, innerException);
}
