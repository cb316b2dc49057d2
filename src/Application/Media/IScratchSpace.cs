using MediaPlatform.Application.Jobs;

namespace MediaPlatform.Application.Media;

/// <summary>Where the worker lays files that it works on. No other user of the machine gets at them.</summary>
public interface IScratchSpace
{
    /// <summary>A folder for one attempt, removed with all that is in it.</summary>
    /// <exception cref="OutageException">The disk is full, or the place is not to be used.</exception>
    Scratch Create(ClaimedJob job);

    /// <summary>A folder of a name that nobody else uses.</summary>
    /// <exception cref="OutageException">As for an attempt.</exception>
    Scratch Create(string name);
}

/// <summary>A folder that is there until it is disposed of.</summary>
public sealed class Scratch(string folder, Action discard) : IDisposable
{
    /// <summary>Absolute.</summary>
    public string Folder => folder;

    public void Dispose() => discard();
}
