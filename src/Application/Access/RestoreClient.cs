using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Takes the caller's client out of the trash, with all who were in it.</summary>
public sealed record RestoreClient(ClientId Id) : ICommand<Done>;

internal sealed class RestoreClientHandler(IClients clients) : ICommandHandler<RestoreClient, Done>
{
    public async Task<Result<Done>> Handle(RestoreClient command, CancellationToken cancellationToken)
    {
        if (await clients.FindForUpdate(command.Id, cancellationToken) is not { } client) return new ClientNotFound(command.Id);
        if (client.DeletedAt is null) return new ClientNotInTrash();

        await clients.Restore(client.Id, cancellationToken);
        return Done.Instance;
    }
}
