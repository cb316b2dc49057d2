using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Finds out who holds a key. Answers are kept for one second at most, so that a revoked key is out within one.</summary>
public interface IKeyring
{
    /// <summary>The id of a key that was live when it was last looked up, however long ago: enough to count its requests by, and for nothing else.</summary>
    Guid? IdOf(string secret);

    /// <summary>The holder of a live key, or null.</summary>
    ValueTask<KeyHolder?> Find(string secret, CancellationToken cancellationToken);
}

/// <summary>A live key.</summary>
/// <param name="ClientIsDeleted">The client is in the trash.</param>
public sealed record KeyHolder(Guid ClientId, Guid KeyId, Role Role, bool ClientIsDeleted);
