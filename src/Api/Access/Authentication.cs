using MediaPlatform.Api.Http;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure;
using MediaPlatform.Infrastructure.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace MediaPlatform.Api.Access;

/// <summary>Who calls, and what that allows. Everything is authorised by default; what is open stands in <see cref="Open"/>.</summary>
internal static class Authentication
{
    /// <summary>The policy of what anybody may who shows a live credential.</summary>
    public const string AnyRole = "any";

    /// <summary>What answers without credentials: paths that begin so.</summary>
    public static readonly IReadOnlyList<string> Open =
    [
        "/health/", // whether it runs
        MetricsEndpoint.Path, // asks for a token of its own, or answers this machine alone
        Documentation.Path, // the document and its UI hold no data
        ApiGroup.Prefix + "/files/", // a signed link is the credential
        ApiGroup.Prefix + "/shared/", // so it is here
        ApiGroup.Prefix + "/media/{id:guid}/variants/", // of what is public; the rest answers 401 as if it were not there
    ];

    /// <summary>What the door answers, whatever is behind it.</summary>
    public static readonly IReadOnlyList<ProblemsMetadata> Problems =
    [
        new(StatusCodes.Status400BadRequest, ["TWO_CREDENTIALS", "CLIENT_REQUIRED", "INVALID_HEADER"]),
        new(StatusCodes.Status403Forbidden, ["FORBIDDEN", "NOT_A_MEMBER", "CLIENT_DELETED"]),
        new(StatusCodes.Status404NotFound, ["CLIENT_NOT_FOUND"]),
        new(StatusCodes.Status429TooManyRequests, ["RATE_LIMITED"]),
        new(StatusCodes.Status503ServiceUnavailable, ["ISSUER_UNAVAILABLE"]),
    ];

    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSettings<OidcOptions>("Oidc");
        services.AddSettings<RateLimitOptions>("RateLimits");
        services.AddSingleton<TokenReader>();
        services.AddSingleton<RateLimits>();
        services.AddAuthentication(Door.SchemeName).AddScheme<AuthenticationSchemeOptions, Door>(Door.SchemeName, configureOptions: null);

        var signedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        var authorization = services.AddAuthorizationBuilder().SetFallbackPolicy(signedIn).AddPolicy(AnyRole, signedIn);
        foreach (var role in Enum.GetValues<Role>())
        {
            var names = Enum.GetValues<Role>().Where(other => other >= role).Select(Names.Of).ToArray();
            authorization.AddPolicy(Names.Of(role), policy => policy.RequireRole(names));
        }
    }

    /// <summary>The endpoint, or the group, is for this role and those above it; permissions say it for the entity that its path begins with.</summary>
    /// <param name="entity">Whose permissions are asked for; left out, those of the path's first segment.</param>
    public static T Needs<T>(this T endpoint, Role role, string? entity = null)
        where T : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new RoleNeed(role, entity ?? EntityOf(builder))));
        return endpoint.RequireAuthorization(Names.Of(role));
    }

    /// <summary>The endpoint is for guests as well, by the token of a session: it shows and touches what is the guest's own alone.</summary>
    public static T OrGuests<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new TakesGuests());

    /// <summary>The endpoint is for whoever shows a live credential, before a client is picked: it looks across those of the caller.</summary>
    public static T NeedsNoClient<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new NoClient()).RequireAuthorization(AnyRole);

    /// <summary>The <c>id</c> of the path is the client that is meant.</summary>
    public static T PicksClientByPath<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ClientInPath());

    /// <summary>Answers for a client in the trash as well.</summary>
    public static T ReachesTrashedClient<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new TakesTrashedClient());

    /// <summary>Whether a request to it has to say which client is meant.</summary>
    public static bool PicksClient(IEnumerable<object> metadata) => !metadata.Any(item => item is NoClient or ClientInPath);

    /// <summary>Tells the use cases which kinds of entities there are. The endpoints that are served are looked at: to look before the start would build each of them twice.</summary>
    public static void NameEntities(this WebApplication app) => app.Services.GetRequiredService<EntityNames>().Are(() =>
    [
        .. app.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<RoleNeed>()?.Entity)
            .OfType<string>().Distinct().Order(StringComparer.Ordinal),
    ]);

    private static string EntityOf(EndpointBuilder builder)
    {
        var path = ((RouteEndpointBuilder)builder).RoutePattern.RawText!.TrimStart('/').Split('/');
        return path is ["api", _, var entity, ..] ? entity : throw new InvalidOperationException($"{builder.DisplayName} is not below {ApiGroup.Prefix}.");
    }
}

/// <summary>The lowest role that an endpoint takes, and the entity that permissions are asked for.</summary>
internal sealed record RoleNeed(Role Role, string Entity);

internal sealed record TakesGuests;

internal sealed record NoClient;

internal sealed record ClientInPath;

internal sealed record TakesTrashedClient;
