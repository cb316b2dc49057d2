using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>What guests of the client have beside their records: sessions, and traces in clips and episodes.</summary>
public interface IGuests
{
    /// <summary>The user who is a member of the client, held as one; null when there is none.</summary>
    /// <param name="email">In lower case; looked at where no id is given.</param>
    Task<Guid?> FindMember(Guid? userId, string? email, CancellationToken cancellationToken);

    Task AddSession(GuestSession session, GuestToken token, CancellationToken cancellationToken);

    /// <summary>One of the guest's, locked; null when there is none.</summary>
    Task<GuestSession?> FindSessionForUpdate(Guid guestId, Guid id, CancellationToken cancellationToken);

    Task SaveRevoked(GuestSession session, CancellationToken cancellationToken);

    /// <summary>Revokes all that let in.</summary>
    Task RevokeSessions(Guid guestId, CancellationToken cancellationToken);

    /// <summary>Deletes whatever tells elsewhere who the guest was, and writes a receipt of it.</summary>
    /// <param name="name">As the guest was called: clips that name it without the record are of the guest as well.</param>
    Task<ErasedGuest> Erase(Guid guestId, string name, DateTimeOffset at, string? reason, CancellationToken cancellationToken);

    /// <summary>Deletes sessions of a client that have expired.</summary>
    /// <returns>How many; less than <paramref name="limit"/> when there are no more.</returns>
    Task<int> ForgetSessions(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}

/// <summary>What an erasure took.</summary>
/// <param name="ReceiptId">By which it can be shown later.</param>
/// <param name="Taken">How many of each kind said who it was: clips, episodes, sessions.</param>
public sealed record ErasedGuest(Guid Id, Guid ReceiptId, DateTimeOffset ErasedAt, IReadOnlyDictionary<string, long> Taken);
