using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Health;

namespace MediaPlatform.Infrastructure.Storage;

internal sealed class StorageReadiness(IMediaStores stores) : IReadinessCheck
{
    public string Name => "storage";
    public bool Required => true;

    public Task<string?> Check(CancellationToken cancellationToken) => stores.Origin.Check(cancellationToken);
}
