using MediaPlatform.Application.Health;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Storage;

internal sealed class StorageReadiness(IMediaStore store) : IReadinessCheck
{
    public string Name => "storage";
    public bool Required => true;

    public Task<string?> Check(CancellationToken cancellationToken) => store.Check(cancellationToken);
}
