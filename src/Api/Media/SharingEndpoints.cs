using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediatR;

namespace MediaPlatform.Api.Media;

internal static class SharingEndpoints
{
    private const int WeekInSeconds = 7 * 24 * 60 * 60;

    public static void MapSharing(this RouteGroupBuilder media)
    {
        media.MapPost("/{id:guid}/share", Share).Needs(Role.Editor).Returns<SharedMedia>().Problems(403, "S3_PREFIX_NOT_ALLOWED").Problems(404, "ASSET_NOT_FOUND", "VARIANT_NOT_FOUND").Problems(410, "ASSET_IN_TRASH")
            .Problems(422, "ORIGINAL_NOT_CLEANABLE").Example(new { What = "original", ExpiresInSeconds = 86_400 });
    }

    public static void MapShared(this RouteGroupBuilder api) =>
        api.MapGet("/shared/{token}", Get).AllowAnonymous().ReturnsPlain(302, "To a signed link of what was shared.").Problems(404, "SHARE_NOT_FOUND")
            .Problems(410, "SHARE_EXPIRED", "SHARE_UNAVAILABLE").Problems(422, "QUERY_TOO_EXPENSIVE").Problems(503, "SHARE_NOT_READY", "DATABASE_BUSY", "DATABASE_UNAVAILABLE");

    /// <summary>Share an asset by a link</summary>
    /// <remarks>The link works without credentials until it expires, the asset is made private or goes to the trash. A private asset becomes shared. An original leaves only as a copy without metadata, which is made first: until then `ready` is false and the link answers 503 with Retry-After.</remarks>
    private static async Task<IResult> Share(Guid id, Body<ShareBody> body, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ShareMedia(new(id), body.Value.What, TimeSpan.FromSeconds(body.Value.ExpiresInSeconds)), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get what was shared</summary>
    /// <remarks>Redirects to a signed link. The token is the credential.</remarks>
    private static async Task<IResult> Get(string token, HttpContext context, IShareLinks shares, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken)
    {
        if (shares.Read(token) is not { } grant) return Problem.From([new ShareNotFound()]);

        context.Response.Headers.CacheControl = "no-store"; // it may end at any time
        return MediaEndpoints.ToLink(await mediator.Send(new FindShared(grant), cancellationToken), links);
    }

    /// <param name="What">original, or a preset such as preview.</param>
    /// <param name="ExpiresInSeconds">60 to 2,592,000 (30 days); 7 days when left out.</param>
    internal sealed record ShareBody(string What, int ExpiresInSeconds = WeekInSeconds);
}
