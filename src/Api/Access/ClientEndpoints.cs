using MediaPlatform.Api.Http;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Access;
using MediatR;

namespace MediaPlatform.Api.Access;

internal static class ClientEndpoints
{
    public static void MapClients(this RouteGroupBuilder api)
    {
        var clients = api.MapGroup("/clients");
        clients.MapGet("/", List).NeedsNoClient().Returns<IReadOnlyList<ClientDetails>>();
        clients.MapGet("/{id:guid}", Get).Needs(Role.Viewer).PicksClientByPath().ReachesTrashedClient().Returns<ClientDetails>(versioned: true).Problems(404, "CLIENT_NOT_FOUND");
    }

    /// <summary>List the clients that the caller is in</summary>
    /// <remarks>With the role in each. A key is in one client; who signs in by a token may be in several.</remarks>
    private static async Task<IResult> List(IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListClients(), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get a client</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetClient(new(id)), cancellationToken)).Match(client => Respond.Item(client, client.Version), Problem.From);
}
