using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>Says that assets are of a session: all of them, or none where one is of another session.</summary>
/// <param name="AssetIds">1 to 500.</param>
/// <returns>How many came in; those that were in it are not counted.</returns>
public sealed record PutMediaIntoSession(Guid SessionId, IReadOnlyList<Guid> AssetIds) : ICommand<int>;

internal sealed class PutMediaIntoSessionValidator : AbstractValidator<PutMediaIntoSession>
{
    public PutMediaIntoSessionValidator() => RuleFor(put => put.AssetIds).SomeIds();
}

internal sealed class PutMediaIntoSessionHandler(IRecords<SessionFields> sessions, IMediaItems items, CallContext context) : ICommandHandler<PutMediaIntoSession, int>
{
    public async Task<Result<int>> Handle(PutMediaIntoSession command, CancellationToken cancellationToken)
    {
        var session = await sessions.Open(command.SessionId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!session.Succeeded) return session.As<int>();

        Guid[] ids = [.. command.AssetIds.Distinct()];
        var assets = (await items.FindAssets(ids, cancellationToken)).ToDictionary(asset => asset.AssetId);
        foreach (var id in ids)
        {
            if (!assets.TryGetValue(id, out var asset)) return new AssetsUnknown(id);
            if (asset.SessionId is { } other && other != command.SessionId) return new MediaInAnotherSession(id, other);
        }

        var added = await items.Add(command.SessionId, ids, cancellationToken);
        return await items.FindElsewhere(command.SessionId, ids, cancellationToken) is { } elsewhere ? new MediaInAnotherSession(elsewhere.AssetId, elsewhere.SessionId!.Value) : added;
    }
}
