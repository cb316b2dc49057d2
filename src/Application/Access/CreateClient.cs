using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Makes a tenant and its first key; an operator's command, since nobody is in a client that does not exist yet.</summary>
public sealed record CreateClient(ClientId Id, string Name, string Slug) : ICommand<CreatedApiKey>;

internal sealed class CreateClientValidator : AbstractValidator<CreateClient>
{
    public CreateClientValidator()
    {
        RuleFor(client => client.Name).NotEmpty().MaximumLength(200);
        RuleFor(client => client.Slug).Matches(@"^[a-z0-9][a-z0-9-]{0,62}\z").WithMessage("A slug is 1 to 63 of a–z, 0–9 and '-', and does not begin with '-'.");
    }
}

internal sealed class CreateClientHandler(IClients clients, IApiKeys keys) : ICommandHandler<CreateClient, CreatedApiKey>
{
    public async Task<Result<CreatedApiKey>> Handle(CreateClient command, CancellationToken cancellationToken)
    {
        if (!await clients.Add(command.Id, command.Name.Trim(), command.Slug, cancellationToken)) return new SlugTaken(command.Slug);

        var secret = ApiKeySecret.Create();
        var key = new ApiKey(new(Guid.CreateVersion7()), "first key", Role.Owner, ExpiresAt: null, RevokedAt: null, Version: 1);
        await keys.Add(key, secret, cancellationToken);
        return new CreatedApiKey(key.Id, secret);
    }
}
