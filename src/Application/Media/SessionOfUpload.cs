using MediaPlatform.Application.Access;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Whether an upload may be for the session that it names: it is there, and its sender is no guest.</summary>
internal sealed class SessionOfUpload(ISessionMedia sessions, CallContext context)
{
    /// <summary>Why not; null when it may, or names none. The session is held against its deletion.</summary>
    /// <param name="sender">Who began the upload, where that is not the caller.</param>
    public async Task<Error?> Refused(Guid? sessionId, Actor? sender, CancellationToken cancellationToken)
    {
        if (sessionId is not { } session) return null;
        if ((sender?.Kind ?? context.Caller.KindName) == Names.Of(ActorKind.Guest)) return new GuestsUseNoSessions();
        return await sessions.Hold(session, cancellationToken) ? null : new UploadSessionNotFound(session);
    }
}
