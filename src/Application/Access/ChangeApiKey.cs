using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Changes what a key is called and when it ends.</summary>
/// <param name="Name">Null leaves it.</param>
/// <param name="ExpiresAtIsGiven">Whether <paramref name="ExpiresAt"/> counts.</param>
/// <param name="ExpiresAt">Null for a key that does not end by itself.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ChangeApiKey(ApiKeyId Id, string? Name, bool ExpiresAtIsGiven, DateTimeOffset? ExpiresAt, long? IfMatch) : ICommand<Done>;

internal sealed class ChangeApiKeyValidator : AbstractValidator<ChangeApiKey>
{
    public ChangeApiKeyValidator(TimeProvider time)
    {
        RuleFor(change => change.Name).NotEmpty().MaximumLength(200).When(change => change.Name is not null);
        RuleFor(change => change.ExpiresAt).Must(at => at is null || at > time.GetUtcNow()).WithMessage("A key must expire in the future; DELETE ends it now.");
    }
}

internal sealed class ChangeApiKeyHandler(IApiKeys keys, CallContext context, TimeProvider time) : ICommandHandler<ChangeApiKey, Done>
{
    public async Task<Result<Done>> Handle(ChangeApiKey command, CancellationToken cancellationToken)
    {
        if (await keys.FindForUpdate(command.Id, cancellationToken) is not { } key) return new ApiKeyNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, key.Version) is { } stale) return stale;

        var granted = ApiKey.Grant(key.Role, context.Caller.Rights);
        if (!granted.Succeeded) return granted.As<Done>();
        if (!key.IsLive(time.GetUtcNow())) return new ApiKeyEnded(); // what has ended is not brought back by a later date

        var changed = key with { Name = command.Name?.Trim() ?? key.Name, ExpiresAt = command.ExpiresAtIsGiven ? command.ExpiresAt : key.ExpiresAt };
        if (changed != key) await keys.Save(changed, cancellationToken);
        return Done.Instance;
    }
}
