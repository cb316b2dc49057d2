using System.Diagnostics;

namespace MediaPlatform.Worker.Tests.Jobs;

/// <summary>A file that hangs whoever reads it, until it is given back its bytes.</summary>
internal sealed class StuckFile
{
    private readonly string path;
    private readonly string pipe;
    private readonly byte[] bytes;

    private StuckFile(string path, byte[] bytes) => (this.path, pipe, this.bytes) = (path, path + ".pipe", bytes);

    public static async Task<StuckFile> InPlaceOf(string path)
    {
        var stuck = new StuckFile(path, await File.ReadAllBytesAsync(path));
        using var making = Process.Start("mkfifo", [stuck.pipe]);
        await making.WaitForExitAsync();
        Assert.That(making.ExitCode, Is.Zero);
        File.Move(stuck.pipe, path, overwrite: true);
        return stuck;
    }

    /// <summary>New readers find the file again.</summary>
    public async Task Repair()
    {
        File.Move(path, pipe);
        await File.WriteAllBytesAsync(path, bytes);
    }

    /// <summary>Those that hang in the pipe find its end. To be called whatever happens: they would hang for ever.</summary>
    public void Release()
    {
        foreach (var place in new[] { pipe, path })
        {
            if (!File.Exists(place) || new FileInfo(place).Length > 0) continue;
            using (new FileStream(place, FileMode.Open, FileAccess.ReadWrite)) File.Delete(place);
        }
    }
}
