namespace MediaPlatform.Application.Media;

/// <summary>The sessions of the caller's client, as far as media come into them.</summary>
public interface ISessionMedia
{
    /// <summary>Holds a session against its deletion, until the transaction ends.</summary>
    /// <returns>False when it is not there, or in the trash.</returns>
    Task<bool> Hold(Guid sessionId, CancellationToken cancellationToken);

    /// <summary>Puts an asset of no session into one.</summary>
    /// <returns>The session that it is of by then: that one, or the one that it was of before.</returns>
    Task<Guid> Put(Guid assetId, Guid sessionId, CancellationToken cancellationToken);

    /// <summary>Puts an asset into a session, whichever it was of before.</summary>
    Task Move(Guid assetId, Guid sessionId, CancellationToken cancellationToken);
}
