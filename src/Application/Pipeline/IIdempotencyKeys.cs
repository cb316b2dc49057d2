namespace MediaPlatform.Application.Pipeline;

/// <summary>The keys with which callers make sure that what they send twice is done once. Each belongs to its caller.</summary>
public interface IIdempotencyKeys
{
    /// <summary>Takes the key for the work that follows, unless it is taken.</summary>
    /// <param name="fingerprint">SHA-256 of what is asked for.</param>
    Task<TakenKey> Take(string key, byte[] fingerprint, CancellationToken cancellationToken);

    /// <summary>Says that whoever took it is still at work.</summary>
    Task Hold(Guid token, CancellationToken cancellationToken);

    /// <summary>Keeps the answer. Without a body it is known that there was one, and what it was is not.</summary>
    Task Keep(Guid token, byte[] fingerprint, KeptAnswer answer, CancellationToken cancellationToken);

    /// <summary>Gives the key back.</summary>
    /// <param name="evenIfDone">Also when something was done with it: the request is known to have come to nothing. Else the key stays with what was done.</param>
    Task Release(Guid token, bool evenIfDone, CancellationToken cancellationToken);

    /// <summary>Forgets keys that are a day old.</summary>
    /// <returns>How many; less than <paramref name="limit"/> when there are no more.</returns>
    Task<int> Forget(int limit, CancellationToken cancellationToken);
}

/// <summary>What became of a key that was asked for.</summary>
/// <param name="Token">Whose it is now; null when it is somebody's already.</param>
/// <param name="Fingerprint">What was asked for with it in the first place.</param>
/// <param name="Answer">The first answer, when there was one.</param>
/// <param name="IsLost">The work was done, and whoever did it fell silent before the answer was known.</param>
public sealed record TakenKey(Guid? Token, byte[] Fingerprint, KeptAnswer? Answer, bool IsLost);

/// <summary>An answer as it was given.</summary>
/// <param name="Headers">Those that are the answer's own.</param>
/// <param name="Body">Null when it held a secret, or more than is kept.</param>
public sealed record KeptAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[]? Body);

/// <summary>Another request has taken over the key of this one, whose work must not be done as well.</summary>
public sealed class KeyLostException() : Exception("The idempotency key was taken over by another request.");
