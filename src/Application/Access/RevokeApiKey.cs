using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Closes a key; it is out everywhere within a second.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record RevokeApiKey(ApiKeyId Id, long? IfMatch) : ICommand<ApiKey>;

internal sealed class RevokeApiKeyHandler(IApiKeys keys, CallContext context, TimeProvider time) : ICommandHandler<RevokeApiKey, ApiKey>
{
    public async Task<Result<ApiKey>> Handle(RevokeApiKey command, CancellationToken cancellationToken)
    {
        if (await keys.FindForUpdate(command.Id, cancellationToken) is not { } key) return new ApiKeyNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, key.Version) is { } stale) return stale;

        var granted = ApiKey.Grant(key.Role, context.Caller.Rights);
        if (!granted.Succeeded) return granted.As<ApiKey>();

        var revoked = key.Revoke(time.GetUtcNow());
        if (revoked != key) await keys.Revoke(revoked, cancellationToken);
        return revoked;
    }
}
