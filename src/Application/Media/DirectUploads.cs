namespace MediaPlatform.Application.Media;

/// <summary>How many files pass through this process at once: each holds memory for as long as its sender takes.</summary>
internal sealed class DirectUploads(MediaOptions options) : IDisposable
{
    private readonly SemaphoreSlim places = new(options.MaxDirectUploads);

    /// <summary>Waits for a turn, which ends when it is disposed of; null when none came within <see cref="MediaOptions.DirectUploadPatience"/>.</summary>
    public async Task<IDisposable?> Enter(CancellationToken cancellationToken) =>
        await places.WaitAsync(options.DirectUploadPatience, cancellationToken) ? new Turn(places) : null;

    public void Dispose() => places.Dispose();

    private sealed class Turn(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
