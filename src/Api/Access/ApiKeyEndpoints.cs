using MediaPlatform.Api.Http;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Access;

internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/api-keys").Needs(Role.Admin);
        keys.MapList(new("ApiKey", "the keys of the client", ListFields.ApiKeys), request => new ListApiKeys(request));
        keys.MapPost("/", Create).Returns<CreatedKey>(201, versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(422, "VALIDATION_ERROR")
            .Example(new { Name = "render farm", Role = "editor", ExpiresAt = "2031-01-31T00:00:00Z" });
        keys.MapGet("/{id:guid}", Get).Returns<ApiKeyDetails>(versioned: true).Problems(404, "API_KEY_NOT_FOUND");
        keys.MapDelete("/{id:guid}", Revoke).Returns<ApiKeyDetails>(versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(404, "API_KEY_NOT_FOUND");
    }

    /// <summary>Make a key</summary>
    /// <remarks>The answer holds the secret, for the only time. A key may make keys of its own role and below.</remarks>
    private static async Task<IResult> Create(Body<CreateKeyBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var created = await mediator.Send(new CreateApiKey(body.Value.Name, body.Value.Role, body.Value.ExpiresAt), cancellationToken);
        if (!created.Succeeded) return Problem.From(created.Errors);

        var key = await mediator.Send(new GetApiKey(created.Value.Id), cancellationToken);
        return key.Match(
            found => Respond.CreatedSecret($"{ApiGroup.Prefix}/api-keys/{found.Id}", new CreatedKey(found, created.Value.Secret.Text), found.Version), Problem.From);
    }

    /// <summary>Get a key</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetApiKey(new(id)), cancellationToken)).Match(key => Respond.Item(key, key.Version), Problem.From);

    /// <summary>Revoke a key</summary>
    /// <remarks>It is out everywhere within a second, for good. Revoking it again changes nothing.</remarks>
    private static async Task<IResult> Revoke(Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var revoked = await mediator.Send(new RevokeApiKey(new(id), ifMatch.Version), cancellationToken);
        return revoked.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(revoked.Errors);
    }

    /// <param name="Name">What people call the key.</param>
    /// <param name="Role">What it may do: viewer, editor, admin or owner.</param>
    /// <param name="ExpiresAt">When it ends by itself; never, when left out.</param>
    [ReadOnlyFields(typeof(ApiKeyDetails))]
    internal sealed record CreateKeyBody(string Name, Role Role, DateTimeOffset? ExpiresAt = null);

    /// <param name="Key">The key.</param>
    /// <param name="Secret">What to send as X-Api-Key. It is not shown again.</param>
    internal sealed record CreatedKey(ApiKeyDetails Key, string Secret);
}
