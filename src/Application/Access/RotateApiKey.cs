using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Gives a key a new secret. The one before lets in for a while longer, so that nothing that uses it has to stop; the one before that no more.</summary>
/// <param name="Overlap">How long the secret of before still works; zero ends it at once.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record RotateApiKey(ApiKeyId Id, TimeSpan Overlap, long? IfMatch) : ICommand<CreatedApiKey>
{
    /// <summary>When the caller says nothing.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromDays(1);

    /// <summary>Long enough to find what still uses the old secret, and no longer.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(7);
}

internal sealed class RotateApiKeyValidator : AbstractValidator<RotateApiKey>
{
    public RotateApiKeyValidator() => RuleFor(rotation => rotation.Overlap)
        .InclusiveBetween(TimeSpan.Zero, RotateApiKey.MaxOverlap)
        .OverridePropertyName("OverlapSeconds")
        .WithMessage($"overlap_seconds is 0 to {RotateApiKey.MaxOverlap.TotalSeconds:0}, which is seven days.");
}

internal sealed class RotateApiKeyHandler(IApiKeys keys, CallContext context, TimeProvider time) : ICommandHandler<RotateApiKey, CreatedApiKey>
{
    public async Task<Result<CreatedApiKey>> Handle(RotateApiKey command, CancellationToken cancellationToken)
    {
        if (await keys.FindForUpdate(command.Id, cancellationToken) is not { } key) return new ApiKeyNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, key.Version) is { } stale) return stale;

        var granted = ApiKey.Grant(key.Role, context.Caller.Rights);
        if (!granted.Succeeded) return granted.As<CreatedApiKey>();
        if (!key.IsLive(time.GetUtcNow())) return new ApiKeyEnded();

        var secret = ApiKeySecret.Create();
        await keys.Rotate(key.Id, secret, time.GetUtcNow() + command.Overlap, cancellationToken);
        return new CreatedApiKey(key.Id, secret);
    }
}
