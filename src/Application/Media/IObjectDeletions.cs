namespace MediaPlatform.Application.Media;

/// <summary>Objects that a committed transaction has let go of, of all tenants.</summary>
public interface IObjectDeletions
{
    /// <summary>
    /// Deletes up to <paramref name="limit"/> objects that are due. One that fails is due again later and carries the reason;
    /// one that something refers to after all is kept, and said loudly.
    /// </summary>
    /// <returns>How many were looked at.</returns>
    Task<int> Sweep(IMediaStore store, int limit, CancellationToken cancellationToken);
}
