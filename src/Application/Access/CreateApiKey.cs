using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Makes a key. Its secret is in the answer and nowhere else, ever.</summary>
public sealed record CreateApiKey(string Name, Role Role, DateTimeOffset? ExpiresAt) : ICommand<CreatedApiKey>;

/// <summary>The only time that the secret is seen.</summary>
public sealed record CreatedApiKey(ApiKeyId Id, ApiKeySecret Secret);

internal sealed class CreateApiKeyValidator : AbstractValidator<CreateApiKey>
{
    public CreateApiKeyValidator(TimeProvider time)
    {
        RuleFor(key => key.Name).NotEmpty().MaximumLength(200);
        RuleFor(key => key.ExpiresAt).Must(at => at is null || at > time.GetUtcNow()).WithMessage("A key must expire in the future.");
    }
}

internal sealed class CreateApiKeyHandler(IApiKeys keys, CallContext context) : ICommandHandler<CreateApiKey, CreatedApiKey>
{
    public async Task<Result<CreatedApiKey>> Handle(CreateApiKey command, CancellationToken cancellationToken)
    {
        var granted = ApiKey.Grant(command.Role, context.Caller.Rights);
        if (!granted.Succeeded) return granted.As<CreatedApiKey>();

        var secret = ApiKeySecret.Create();
        var key = new ApiKey(new(Guid.CreateVersion7()), command.Name.Trim(), command.Role, command.ExpiresAt, RevokedAt: null, Version: 1);
        await keys.Add(key, secret, cancellationToken);
        return new CreatedApiKey(key.Id, secret);
    }
}
