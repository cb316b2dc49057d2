using MediaPlatform.Application.Media;
using MediaPlatform.Application.Records;

namespace MediaPlatform.Application.Production;

/// <summary>
/// Sessions, for uploads that are for one. The asset is locked by then, and the sets that show it after that: against the order of all others, whom a deadlock is rare with, and begun again.
/// </summary>
internal sealed class SessionMedia(IRecords<SessionFields> sessions, IMediaItems items) : ISessionMedia
{
    public Task<bool> Hold(Guid sessionId, CancellationToken cancellationToken) => sessions.Hold(sessionId, cancellationToken);

    public async Task<Guid> Put(Guid assetId, Guid sessionId, CancellationToken cancellationToken)
    {
        await items.Add(sessionId, [assetId], cancellationToken);
        return (await items.FindElsewhere(sessionId, [assetId], cancellationToken))?.SessionId ?? sessionId;
    }

    public async Task Move(Guid assetId, Guid sessionId, CancellationToken cancellationToken)
    {
        await items.LockSetsOfAsset(assetId, cancellationToken);
        var at = await items.FindElsewhere(sessionId, [assetId], cancellationToken);
        if (at?.SessionId is not { } before || await items.FindInSession(before, assetId, cancellationToken) is not { } item) return;

        await items.Move(sessionId, [item.Id], cancellationToken);
    }
}
