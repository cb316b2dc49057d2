using System.Diagnostics;
using System.Globalization;

namespace MediaPlatform.Tests.Support;

/// <summary>
/// A file system of very few bytes, so that a disk is really full. It is mounted in a namespace of its own where that is allowed,
/// which needs no rights, and reached through /proc; else by root, or by sudo without a password.
/// </summary>
public sealed class TinyDisk : IDisposable
{
    private const string Script = "mount -t tmpfs -o size=\"$1\",nr_inodes=\"$2\" tmpfs \"$0\" && echo mounted && cat; umount \"$0\"";
    private static readonly string[][] Ways = [["unshare", "-Urm"], ["env"], ["sudo", "-n"]];

    private readonly Process holder;
    private readonly string folder;

    private TinyDisk(Process holder, string folder) => (this.holder, this.folder) = (holder, folder);

    /// <summary>Where it can be written to.</summary>
    public string Root => string.Create(CultureInfo.InvariantCulture, $"/proc/{holder.Id}/root{folder}");

    /// <param name="files">How many files and folders it has room for.</param>
    public static TinyDisk Mount(int bytes, int files = 10_000)
    {
        var place = Directory.CreateTempSubdirectory("mediaplatform-disk-").FullName;
        foreach (var way in Ways)
        {
            var start = new ProcessStartInfo(way[0]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in way.Skip(1).Concat(["sh", "-c", Script, place, $"{bytes}", $"{files}"])) start.ArgumentList.Add(argument);
            try
            {
                var process = Process.Start(start)!;
                if (process.StandardOutput.ReadLine() == "mounted") return new TinyDisk(process, place);
                process.Dispose();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                continue; // there is no such program
            }
        }

        throw new InvalidOperationException("A small tmpfs cannot be mounted: neither user namespaces nor root nor sudo.");
    }

    public void Dispose()
    {
        holder.StandardInput.Close(); // the script goes on to its umount
        holder.WaitForExit();
        holder.Dispose();
        Directory.Delete(folder);
    }
}
