using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Moves the caller's client to the trash: from then on none of its credentials lets in, but an owner's to look at it and to restore it.</summary>
/// <param name="Reason">Kept with it.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record TrashClient(ClientId Id, string? Reason, long? IfMatch) : ICommand<TrashedClient>;

/// <summary>What went to the trash.</summary>
/// <param name="Members">People who are shut out by it.</param>
/// <param name="ApiKeys">Live keys that are shut out by it.</param>
public sealed record TrashedClient(Guid Id, DateTimeOffset DeletedAt, int Members, int ApiKeys);

internal sealed class TrashClientValidator : AbstractValidator<TrashClient>
{
    public TrashClientValidator() => RuleFor(trash => trash.Reason).MaximumLength(1000);
}

internal sealed class TrashClientHandler(IClients clients) : ICommandHandler<TrashClient, TrashedClient>
{
    public async Task<Result<TrashedClient>> Handle(TrashClient command, CancellationToken cancellationToken)
    {
        if (await clients.FindForUpdate(command.Id, cancellationToken) is not { } client) return new ClientNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, client.Version) is { } stale) return stale;
        if (client.DeletedAt is not null) return new ClientDeleted();

        return await clients.Trash(client.Id, command.Reason, cancellationToken);
    }
}
