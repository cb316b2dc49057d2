using MediaPlatform.Api.Http;
using MediaPlatform.Application;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain;
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
        keys.MapPatch("/{id:guid}", Change).Returns<ApiKeyDetails>(versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(404, "API_KEY_NOT_FOUND").Problems(423, "API_KEY_ENDED")
            .Example(new { Name = "render farm, west" });
        keys.MapPut("/{id:guid}", Replace).Returns<ApiKeyDetails>(versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(404, "API_KEY_NOT_FOUND").Problems(423, "API_KEY_ENDED")
            .Example(new { Name = "render farm, east", ExpiresAt = "2031-01-31T00:00:00Z" });
        keys.MapPost("/{id:guid}/rotate", Rotate).Returns<CreatedKey>(versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(404, "API_KEY_NOT_FOUND").Problems(423, "API_KEY_ENDED")
            .Example(new { OverlapSeconds = 3600 });
        keys.MapDelete("/{id:guid}", Revoke).Returns<ApiKeyDetails>(versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(404, "API_KEY_NOT_FOUND");
        keys.MapBatch("ApiKey", new BatchVerbs // a secret is shown once, in an answer of its own: keys are made one by one
        {
            Example = new { Op = "delete", Id = Guid.Empty },
            Update = BatchVerb.Taking<ChangeKeyBody, ChangeApiKey, Done>(
                Role.Admin, typeof(ApiKeyDetails), (item, body) => new(new(item.Id), body.Name, body.ExpiresAt.IsGiven, body.ExpiresAt.Value, item.IfMatch), (item, _) => new(item.Id, 0)),
            Delete = BatchVerb.Naming<RevokeApiKey, ApiKey>(Role.Admin, item => new(new(item.Id), item.IfMatch)),
        });
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

    /// <summary>Change a key's name or expiry</summary>
    /// <remarks>`"expires_at": null` has it not end by itself. What has ended stays so.</remarks>
    private static async Task<IResult> Change(Guid id, Body<ChangeKeyBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var changed = await mediator.Send(new ChangeApiKey(new(id), body.Value.Name, body.Value.ExpiresAt.IsGiven, body.Value.ExpiresAt.Value, ifMatch.Version), cancellationToken);
        return changed.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(changed.Errors);
    }

    /// <summary>Replace a key's name and expiry</summary>
    /// <remarks>Without `expires_at` it does not end by itself. Its role is what it was made with.</remarks>
    private static async Task<IResult> Replace(Guid id, Body<ReplaceKeyBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var replaced = await mediator.Send(new ChangeApiKey(new(id), body.Value.Name, ExpiresAtIsGiven: true, body.Value.ExpiresAt, ifMatch.Version), cancellationToken);
        return replaced.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(replaced.Errors);
    }

    /// <summary>Give a key a new secret</summary>
    /// <remarks>The answer holds it, for the only time. The secret of before lets in for `overlap_seconds` more, a day unless said otherwise; the one before that no more.</remarks>
    private static async Task<IResult> Rotate(Guid id, Body<RotateKeyBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var overlap = body.Value.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : RotateApiKey.DefaultOverlap;
        var rotated = await mediator.Send(new RotateApiKey(new(id), overlap, ifMatch.Version), cancellationToken);
        if (!rotated.Succeeded) return Problem.From(rotated.Errors);

        var key = await mediator.Send(new GetApiKey(new(id)), cancellationToken);
        return key.Match(found => Respond.Secret(new CreatedKey(found, rotated.Value.Secret.Text), found.Version), Problem.From);
    }

    /// <summary>Revoke a key</summary>
    /// <remarks>It is out everywhere within a second, for good, with the secret of before its rotation. Revoking it again changes nothing.</remarks>
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

    /// <param name="Name">Left as it is when left out.</param>
    /// <param name="ExpiresAt">When it ends by itself.</param>
    [ReadOnlyFields(typeof(ApiKeyDetails))]
    internal sealed record ChangeKeyBody(string? Name = null, Change<DateTimeOffset?> ExpiresAt = default);

    /// <param name="Name">What people call the key.</param>
    /// <param name="ExpiresAt">When it ends by itself; never, when left out.</param>
    [ReadOnlyFields(typeof(ApiKeyDetails))]
    internal sealed record ReplaceKeyBody(string Name, DateTimeOffset? ExpiresAt = null);

    /// <param name="OverlapSeconds">How long the secret of before still works: 0 to 604800.</param>
    internal sealed record RotateKeyBody(int? OverlapSeconds = null);

    /// <param name="Key">The key.</param>
    /// <param name="Secret">What to send as X-Api-Key. It is not shown again.</param>
    internal sealed record CreatedKey(ApiKeyDetails Key, string Secret);
}
