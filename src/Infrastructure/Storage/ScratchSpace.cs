using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using Microsoft.Extensions.Logging;

#pragma warning disable CA1416 // modes of files: the platform runs on Linux alone

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>
/// Scratch folders on local disk. The folder that they lie in has a name that anybody may guess, in a place where anybody may write:
/// one that another user has made first is refused, whenever it is used.
/// </summary>
public sealed class ScratchSpace(MediaOptions options, ILogger<ScratchSpace> logger) : IScratchSpace
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const uint Root = 0;

    public Scratch Create(ClaimedJob job) => Create($"{job.Id:n}-{job.LeaseToken:n}");

    public Scratch Create(string name)
    {
        Prepare();
        var folder = Path.Combine(options.ScratchRoot, name);
        try
        {
            return new Scratch(Directory.CreateDirectory(folder, OwnerAlone).FullName, () => Discard(folder));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Outage(exception);
        }
    }

    /// <summary>Makes the folder that all others lie in, where there is none.</summary>
    /// <exception cref="OutageException">It cannot be made, or is not this worker's; the message names it.</exception>
    public void Prepare()
    {
        try
        {
            var root = Directory.CreateDirectory(options.ScratchRoot, OwnerAlone);
            var owner = Posix.OwnerOf(root.FullName);
            if (root.LinkTarget is not null || (owner != Posix.User && owner != Root))
                throw new UnauthorizedAccessException($"Media:ScratchRoot is {root.FullName}, which another user made, or a link: name a folder of the worker's own.");
            if (owner == Posix.User && root.UnixFileMode != OwnerAlone) root.UnixFileMode = OwnerAlone;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Outage(exception);
        }
    }

    /// <summary>Removes what workers that were killed have left.</summary>
    public void RemoveLeftovers(TimeSpan olderThan)
    {
        foreach (var left in new DirectoryInfo(options.ScratchRoot).EnumerateDirectories())
        {
            if (DateTime.UtcNow - left.LastWriteTimeUtc > olderThan) Discard(left.FullName);
        }
    }

    private void Discard(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // somebody else has just removed it: the time of a leftover that is gone reads as long ago
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(exception, "Scratch folder {Folder} could not be removed; a later start does so", folder); // what came of the attempt counts
        }
    }

    private static OutageException Outage(Exception cause) => new(
        LocalDisk.IsNoSpace(cause)
            ? MediaFaults.NoRoom
            : new("SCRATCH_UNAVAILABLE", "The worker cannot use its scratch folder; its log says why."),
        cause.Message,
        cause);
}
