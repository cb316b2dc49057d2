using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>
/// Media on local disk. Bytes go to a temporary name, are flushed to the disk and then renamed, and the names are flushed, so that a
/// key either has all of its bytes or does not exist. Every path is resolved and must lie under the root.
/// </summary>
public sealed class LocalDisk : IMediaStore
{
    /// <summary>The name that assets record.</summary>
    public const string Name = "local";

    private const string Incoming = ".incoming";
    private const string Parts = "parts";
    private const string Whole = "whole";
    private const string Layout = "layout";
    private const string NoRoot = "/nonexistent"; // as the Filesystem Hierarchy Standard's users have it whose home is nowhere
    private const int BufferSize = 1 << 17;
    private const int MaxTries = 100; // each needs a new delete at the right microsecond
    private const int RoomCheckedEvery = 8 << 20;
    private static readonly TimeSpan TurnEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TurnPatience = TimeSpan.FromSeconds(10); // longer than it takes to notice that a caller is gone

    private readonly string root;
    private readonly long minFreeBytes;
    private readonly LocalLinks links;

    public LocalDisk(StorageOptions options, LocalLinks links)
    {
        root = options.Root.Length > 0 ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Root)) : NoRoot;
        minFreeBytes = options.MinFreeBytes;
        this.links = links;
    }

    public string Provider => Name;

    public async Task Put(string key, Stream content, string mimeType, CancellationToken cancellationToken)
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

    public Task<string?> Pin(S3Uri address, CancellationToken cancellationToken) => Task.FromResult<string?>(null); // none lies on a disk

    public Task<long?> Head(string key, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(key));
        if (file.Exists) return Task.FromResult<long?>(file.Length);
        EnsureRoot();
        return Task.FromResult<long?>(null);
    }

    public async IAsyncEnumerable<StoredObject> List(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EnsureRoot();
        foreach (var file in FilesBelow(root, prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Exists) yield return new(Path.GetRelativePath(root, file.FullName), file.Length, new DateTimeOffset(file.LastWriteTimeUtc)); // asked once: what goes meanwhile is not told
        }

        await Task.CompletedTask;
    }

    public Task Delete(string key, CancellationToken cancellationToken)
    {
        try
        {
            EnsureRoot();
            var path = PathOf(key);
            DropParts(key);
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

    public UploadTarget SignPut(string key, long length, string mimeType, DateTimeOffset expires) => new(
        "PUT",
        links.ToPut(key, length, mimeType, expires),
        new Dictionary<string, string>(StringComparer.Ordinal) { ["content-length"] = Text(length), ["content-type"] = mimeType },
        expires);

    /// <summary>The whole is there from the start, as long as it will be, and each part is written to its place; so that no byte is copied in the end.</summary>
    public async Task<string> BeginParts(string key, string mimeType, PartLayout layout, CancellationToken cancellationToken)
    {
        PathOf(key);
        EnsureRoom(layout.TotalBytes);
        var id = Guid.NewGuid().ToString("n");
        try
        {
            var folder = Directory.CreateDirectory(PartsFolder(key, id)).FullName;
            await using (var whole = new FileStream(Path.Combine(folder, Whole), FileMode.CreateNew, FileAccess.Write)) whole.SetLength(layout.TotalBytes);
            await File.WriteAllTextAsync(Path.Combine(folder, Layout), $"{Text(layout.TotalBytes)} {Text(layout.PartBytes)}", cancellationToken);
            return id;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Outage(exception);
        }
    }

    public UploadTarget SignPart(string key, string multipartId, int number, PartLayout layout, DateTimeOffset expires) => new(
        "PUT",
        links.ToPut(key, layout.LengthOf(number), "", expires, multipartId, number),
        new Dictionary<string, string>(StringComparer.Ordinal) { ["content-length"] = Text(layout.LengthOf(number)) },
        expires);

    /// <summary>What a signed link of <see cref="SignPart"/> does: the part is there when all of its bytes are, on the disk.</summary>
    /// <returns>False when there is no such undertaking any more.</returns>
    /// <exception cref="PartBusyException">Another request is sending this part.</exception>
    /// <exception cref="StorageException">The disk is full or cannot be used. What the stream throws passes through.</exception>
    public async Task<bool> PutPart(string key, string multipartId, int number, Stream content, CancellationToken cancellationToken)
    {
        var folder = PartsFolder(key, multipartId);
        if (LayoutOf(folder) is not { } layout || number < 1 || number > layout.Count) return false;
        var arrived = MarkOf(folder, number);
        try
        {
            using var open = Share(folder);
            using var turn = await TakeTurn(Path.Combine(folder, $"{number}.turn"), cancellationToken);
            using var whole = new FileStream(
                Path.Combine(folder, Whole), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            EnsureRoom();
            File.Delete(arrived); // what is there of an earlier try is overwritten from here on
            whole.Position = layout.OffsetOf(number);
            await Copy(content, whole, cancellationToken);
            if (whole.Position - layout.OffsetOf(number) != layout.LengthOf(number)) throw new SourceException("Not as long.", new IOException("The part has another length than it was to have."));
            whole.Flush(flushToDisk: true);
            await File.WriteAllBytesAsync(arrived, [], cancellationToken);
            return true;
        }
        catch (Exception exception)
        {
            if (exception is SourceException { InnerException: { } fault }) ExceptionDispatchInfo.Throw(fault);
            if (exception is DirectoryNotFoundException or FileNotFoundException && Directory.Exists(root)) return false; // given up meanwhile
            if (exception is (IOException or UnauthorizedAccessException) and not PartBusyException) throw Outage(exception);
            throw;
        }
    }

    public Task<IReadOnlyList<StoredPart>?> ListParts(string key, string multipartId, CancellationToken cancellationToken)
    {
        EnsureRoot();
        var folder = PartsFolder(key, multipartId);
        return Task.FromResult<IReadOnlyList<StoredPart>?>(
            LayoutOf(folder) is { } layout
                ? [.. Enumerable.Range(1, layout.Count).Where(number => File.Exists(MarkOf(folder, number))).Select(number => new StoredPart(number, layout.LengthOf(number), TagOf(number)))]
                : null);
    }

    public Task CompleteParts(string key, string multipartId, IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken)
    {
        EnsureRoot();
        var folder = PartsFolder(key, multipartId);
        if (LayoutOf(folder) is not { } layout)
        {
            DropParts(key); // what a writer left that died between the next two lines
            return Task.CompletedTask;
        }

        try
        {
            using var closed = Close(folder);
            if (Enumerable.Range(1, layout.Count).Any(number => !File.Exists(MarkOf(folder, number)))) throw new PartBusyException("A part is being sent again.");
            Place(Path.Combine(folder, Whole), PathOf(key));
            DropParts(key);
            return Task.CompletedTask;
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException && Directory.Exists(root))
        {
            return Task.CompletedTask; // somebody else completed or dropped it at this moment
        }
        catch (Exception exception) when (exception is (IOException or UnauthorizedAccessException) and not PartBusyException)
        {
            throw Outage(exception);
        }
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

    /// <summary>Parts are the business of the uploads that they belong to: their expiry lets go of the key, and the parts with it.</summary>
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

    private void EnsureRoom(long bytes = 0)
    {
        EnsureRoot();
        if (new DriveInfo(root).AvailableFreeSpace - bytes < minFreeBytes) throw new StorageException("The disk has less room than Storage:MinFreeBytes.", isFull: true);
    }

    /// <summary>
    /// Gives a file its name, for good: its folder is flushed, and those above that have a new one. Somebody may remove a folder as empty
    /// just after it was made here; then it is made again.
    /// </summary>
    private void Place(string temporary, string target)
    {
        var folder = Path.GetDirectoryName(target)!;
        var oldest = folder;
        for (var tries = 1; ; tries++)
        {
            EnsureRoot(); // else the folders would be made where the disk is not mounted any more
            while (!Directory.Exists(oldest)) oldest = Path.GetDirectoryName(oldest)!;
            try
            {
                Directory.CreateDirectory(folder);
                File.Move(temporary, target, overwrite: true);
                break;
            }
            catch (IOException exception) when (exception is DirectoryNotFoundException or FileNotFoundException && tries < MaxTries && File.Exists(temporary))
            {
                // once more
            }
        }

        for (; folder.Length >= oldest.Length; folder = Path.GetDirectoryName(folder)!) Posix.FlushFolder(folder);
    }

    private async Task Copy(Stream content, FileStream file, CancellationToken cancellationToken)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (int read, sinceCheck = 0; (read = await Read(content, buffer, cancellationToken)) > 0;)
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                if ((sinceCheck += read) < RoomCheckedEvery) continue;
                EnsureRoom();
                sinceCheck = 0;
            }
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

    // Parts lie in a tree beside the one of the keys, so that letting go of a key or a folder lets go of them.
    private string PartsOf(string key) => Path.Combine(root, Incoming, Parts, Path.GetRelativePath(root, PathOf(key)));

    private string PartsFolder(string key, string multipartId) =>
        Path.Combine(PartsOf(key), Guid.TryParseExact(multipartId, "n", out var id) ? id.ToString("n") : throw new ArgumentException("This is no name of ours.", nameof(multipartId)));

    private void DropParts(string key)
    {
        var parts = PartsOf(key);
        if (Directory.Exists(parts)) Directory.Delete(parts, recursive: true);
        RemoveEmptyFolder(Path.GetDirectoryName(parts)!);
    }

    private static string MarkOf(string folder, int number) => Path.Combine(folder, $"{number}.arrived");

    private static string TagOf(int number) => Text(number);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static PartLayout? LayoutOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, Layout)).Split(' ') is [var total, var part]
                ? new(long.Parse(total, CultureInfo.InvariantCulture), long.Parse(part, CultureInfo.InvariantCulture))
                : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writers of parts are many, and none goes on writing into a whole that was completed.</summary>
    private static FileStream Share(string folder) => new(Path.Combine(folder, Layout), FileMode.Open, FileAccess.Read, FileShare.Read);

    /// <exception cref="PartBusyException">A part is being sent.</exception>
    private static FileStream Close(string folder)
    {
        try
        {
            return new(Path.Combine(folder, Layout), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException) && File.Exists(Path.Combine(folder, Layout)))
        {
            throw new PartBusyException("A part is being sent again.", exception);
        }
    }

    /// <summary>One request at a time writes a part: of two that meet, half of each would be there.</summary>
    private static async Task<FileStream> TakeTurn(string path, CancellationToken cancellationToken)
    {
        for (var deadline = Stopwatch.GetTimestamp(); ; await Task.Delay(TurnEvery, cancellationToken))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException) && !IsNoSpace(exception))
            {
                if (Stopwatch.GetElapsedTime(deadline) > TurnPatience) throw new PartBusyException("Another request is sending this part.", exception);
            }
        }
    }

    /// <summary>Keys are compared as S3 does, so that a folder sorts as its name with the slash behind it.</summary>
    private static IEnumerable<FileInfo> FilesBelow(string folder, string prefix)
    {
        var slash = prefix.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            var below = Path.Combine(folder, prefix[..slash]);
            return slash > 0 && prefix[..slash] is not (Incoming or ".." or ".") && Directory.Exists(below) ? FilesBelow(below, prefix[(slash + 1)..]) : [];
        }

        return EntriesOf(folder)
            .Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal) && entry.Name != Incoming)
            .OrderBy(entry => entry is DirectoryInfo ? entry.Name + "/" : entry.Name, StringComparer.Ordinal)
            .SelectMany(entry => entry is FileInfo file ? [file] : FilesBelow(entry.FullName, ""));
    }

    private static FileSystemInfo[] EntriesOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetFileSystemInfos();
        }
        catch (DirectoryNotFoundException)
        {
            return []; // removed as empty since its name was read
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

    private static StorageException Outage(Exception cause) => new("The media storage does not work.", cause, IsNoSpace(cause));

    /// <summary>ENOSPC (28) or EDQUOT (122), as .NET passes them on; see errno(3).</summary>
    internal static bool IsNoSpace(Exception exception) => (exception.HResult & 0xFFFF) is 28 or 122;

    private sealed class SourceException(string message, Exception innerException) : Exception(message, innerException);
}

