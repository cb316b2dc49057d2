using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>The keys of the caller's client, for writing.</summary>
public interface IApiKeys
{
    Task Add(ApiKey key, ApiKeySecret secret, CancellationToken cancellationToken);
    Task<ApiKey?> FindForUpdate(ApiKeyId id, CancellationToken cancellationToken);

    /// <summary>Name and expiry.</summary>
    Task Save(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Closes it, with both of its secrets.</summary>
    Task Revoke(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Another secret; the one before lets in until then.</summary>
    Task Rotate(ApiKeyId id, ApiKeySecret secret, DateTimeOffset previousUntil, CancellationToken cancellationToken);
}
