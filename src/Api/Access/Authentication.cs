using System.Security.Claims;
using System.Text.Encodings.Web;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace MediaPlatform.Api.Access;

/// <summary>Who calls, and what that allows. Everything is authorised by default; what is open stands in <see cref="Open"/>.</summary>
internal static class Authentication
{
    public const string ApiKeyScheme = "ApiKey";

    /// <summary>What answers without credentials: paths that begin so.</summary>
    public static readonly IReadOnlyList<string> Open =
    [
        "/health/", // whether it runs
        Documentation.Path, // the document and its UI hold no data
        ApiGroup.Prefix + "/files/", // a signed link is the credential
        ApiGroup.Prefix + "/shared/", // so it is here
        ApiGroup.Prefix + "/media/{id:guid}/variants/", // of what is public; the rest answers 401 as if it were not there
    ];

    public static void AddAccess(this IServiceCollection services)
    {
        // Bearer tokens become a second scheme here.
        services.AddAuthentication(ApiKeyScheme).AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyScheme, configureOptions: null);

        var authorization = services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var role in Enum.GetValues<Role>())
        {
            var names = Enum.GetValues<Role>().Where(other => other >= role).Select(Names.Of).ToArray();
            authorization.AddPolicy(Names.Of(role), policy => policy.RequireRole(names));
        }
    }

    /// <summary>The endpoint, or the group, is for this role and those above it.</summary>
    public static T Needs<T>(this T endpoint, Role role)
        where T : IEndpointConventionBuilder => endpoint.RequireAuthorization(Names.Of(role));
}

/// <summary><c>X-Api-Key</c>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IKeyring keyring)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Header = "X-Api-Key";
    private const int MaxLength = 200;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var given = Request.Headers[Header];
        if (given.Count == 0) return AuthenticateResult.NoResult();
        if (given is not [{ Length: > 0 and <= MaxLength } secret] || await keyring.Find(secret, Context.RequestAborted) is not { } holder)
            return AuthenticateResult.Fail("The key is unknown, expired or revoked.");

        Context.RequestServices.GetRequiredService<CallContext>().Caller =
            new Caller(holder.ClientId, ActorKind.Key, holder.KeyId, holder.Role, Context.TraceIdentifier);
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Role, Names.Of(holder.Role)), new(RequestLog.ClientClaim, holder.ClientId.ToString())], ApiKeyAuthenticationScheme);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = ApiKeyAuthenticationScheme;
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private const string ApiKeyAuthenticationScheme = Authentication.ApiKeyScheme;
}
