using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Finds out who holds a key. Answers are kept for one second at most, so that a revoked key is out within one.</summary>
public interface IKeyring
{
    /// <summary>The holder of a live key, or null.</summary>
    ValueTask<KeyHolder?> Find(string secret, CancellationToken cancellationToken);
}

/// <summary>A live key.</summary>
public sealed record KeyHolder(Guid ClientId, Guid KeyId, Role Role);
