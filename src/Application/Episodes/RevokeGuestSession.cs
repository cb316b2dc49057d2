using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Ends a guest's session. It is out everywhere within a second.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record RevokeGuestSession(Guid GuestId, Guid Id, long? IfMatch) : ICommand<GuestSession>;

internal sealed class RevokeGuestSessionHandler(IGuests guests, TimeProvider time) : ICommandHandler<RevokeGuestSession, GuestSession>
{
    public async Task<Result<GuestSession>> Handle(RevokeGuestSession command, CancellationToken cancellationToken)
    {
        if (await guests.FindSessionForUpdate(command.GuestId, command.Id, cancellationToken) is not { } session) return new GuestSessionNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, session.Version) is { } stale) return stale;

        var revoked = session.Revoke(time.GetUtcNow());
        if (session.RevokedAt is null) await guests.SaveRevoked(revoked, cancellationToken);
        return revoked;
    }
}
