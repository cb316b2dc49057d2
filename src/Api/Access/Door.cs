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

/// <summary>
/// Looks at <c>X-Api-Key</c> or <c>Authorization: Bearer</c>, and at which client is meant. All credentials pass the same door, so that what
/// it asks for is asked in one place. Whatever is wrong with a credential has the same answer; the log says what it was.
/// </summary>
internal sealed class Door(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IKeyring keyring, IGuestTokens guests, IUserDirectory users, TokenReader tokens, RateLimits limits)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Door";
    public const string KeyHeader = "X-Api-Key";
    public const string ClientHeader = "X-Client-Id";
    private const string Bearer = "Bearer";
    private const int MaxKeyLength = 200;

    private static readonly AuthenticateResult Refused = AuthenticateResult.Fail("The credential does not let in.");

    private IResult? refusal;
    private bool wasBearer;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var keys = Request.Headers[KeyHeader];
        var authorization = Request.Headers.Authorization;
        wasBearer = authorization.Count > 0 && authorization.Any(IsBearer);
        if (!wasBearer) return keys.Count == 0 ? Task.FromResult(AuthenticateResult.NoResult()) : ByKey(keys);
        return keys.Count == 0 && authorization is [{ } token]
            ? token[Bearer.Length..].Trim() is var shown && GuestToken.IsShaped(shown) ? ByGuest(shown) : ByToken(shown)
            : Task.FromResult(Refuse(Problem.Of(StatusCodes.Status400BadRequest, "TWO_CREDENTIALS", "Send one credential: X-Api-Key or Authorization, once.", "Authorization")));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (refusal is not null) return refusal.ExecuteAsync(Context);
        Response.Headers.WWWAuthenticate = new([wasBearer ? "Bearer error=\"invalid_token\"" : "Bearer", "ApiKey"]);
        return Problem.Of(StatusCodes.Status401Unauthorized, "UNAUTHENTICATED", "Who asks? Send a live key as X-Api-Key, or a live token as Authorization: Bearer.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem.Of(StatusCodes.Status403Forbidden, "FORBIDDEN", "You may not do this.").ExecuteAsync(Context);

    private async Task<AuthenticateResult> ByKey(IReadOnlyList<string?> given)
    {
        if (given is not [{ Length: > 0 and <= MaxKeyLength } secret]) return Unknown();

        // Who asks too much is told so before anybody is asked; that needs no more than who it was the last time.
        var counted = keyring.IdOf(secret);
        if (counted is { } known && IsTooMuch(known)) return Refused;
        if (await keyring.Find(secret, Context.RequestAborted) is not { } holder) return Unknown();
        if (counted is null && IsTooMuch(holder.KeyId)) return Refused;

        if (!TryPick(out var picked)) return Refused;
        if (picked is { } client && client != holder.ClientId) return Refuse(new ClientNotFound(new(client)));
        return Enter(holder.ClientId, ActorKind.Key, holder.KeyId, holder.Role, holder.ClientIsDeleted);
    }

    /// <summary>A guest has no role: the token opens what is for guests as well, and nothing else.</summary>
    private async Task<AuthenticateResult> ByGuest(string token)
    {
        var counted = guests.IdOf(token);
        if (counted is { } known && IsTooMuch(known)) return Refused;
        if (await guests.Find(token, Context.RequestAborted) is not { } holder) return Unknown();
        if (counted is null && IsTooMuch(holder.SessionId)) return Refused;

        if (!TryPick(out var picked)) return Refused;
        if (picked is { } client && client != holder.ClientId) return Refuse(new ClientNotFound(new(client)));
        var endpoint = Context.GetEndpoint()?.Metadata;
        if (endpoint?.GetMetadata<TakesGuests>() is not null && endpoint.GetMetadata<RoleNeed>() is { } need)
            return Enter(holder.ClientId, ActorKind.Guest, holder.GuestId, need.Role, holder.ClientIsDeleted);
        return endpoint?.GetMetadata<IAllowAnonymous>() is not null
            ? Refused // as anybody
            : Refuse(Problem.Of(StatusCodes.Status403Forbidden, "FORBIDDEN", "A guest reaches the own uploads, and nothing else."));
    }

    private async Task<AuthenticateResult> ByToken(string token)
    {
        var read = await tokens.Read(token, Context.RequestAborted);
        if (read.IssuerIsDown) return Refuse(Problem.Of(StatusCodes.Status503ServiceUnavailable, "ISSUER_UNAVAILABLE", "The keys of the token's issuer cannot be read now; try again in a moment."));
        if (read.Identity is not { } identity) return Unknown();
        if (IsTooMuch(read.CountedAs)) return Refused;
        if (read.IsInNoGroup) return Refuse(new NotAMember());
        if (!TryPick(out var picked)) return Refused;

        var user = await users.Find(identity, Context.TraceIdentifier, Context.RequestAborted);
        var endpoint = Context.GetEndpoint()?.Metadata;
        if (endpoint?.GetMetadata<NoClient>() is not null)
            return user is null ? Refuse(new NotAMember()) : Enter(Guid.Empty, ActorKind.User, user.UserId, Role.Viewer, clientIsDeleted: false, read.Limit);

        var memberships = user?.Memberships ?? [];
        var chosen = picked is { } client ? memberships.FirstOrDefault(membership => membership.ClientId == client)
            : memberships.Count == 1 ? memberships[0] : null;
        if (chosen is not null) return Enter(chosen.ClientId, ActorKind.User, user!.UserId, read.Limit is { } limit ? chosen.Rights.AtMost(limit) : chosen.Rights, chosen.ClientIsDeleted);
        return Refuse(picked is { } unknown ? new ClientNotFound(new(unknown)) : memberships.Count == 0 ? new NotAMember() : new ClientRequired());
    }

    private static bool IsBearer(string? value) =>
        value is not null && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && (value.Length == Bearer.Length || value[Bearer.Length] == ' ');

    private AuthenticateResult Enter(Guid clientId, ActorKind kind, Guid actor, Rights rights, bool clientIsDeleted, Role? limit = null)
    {
        var endpoint = Context.GetEndpoint()?.Metadata;
        if (clientIsDeleted && (rights.Role < Role.Owner || endpoint?.GetMetadata<TakesTrashedClient>() is null)) return Refuse(new ClientDeleted());

        var role = endpoint?.GetMetadata<RoleNeed>() is { } need ? rights.In(need.Entity) : rights.Role;
        var claims = new List<Claim>(2) { new(RequestLog.ClientClaim, clientId.ToString()) };
        if (role is { } here) claims.Add(new(ClaimTypes.Role, Names.Of(here)));
        Context.RequestServices.GetRequiredService<CallContext>().Caller = new Caller(clientId, kind, actor, role ?? Role.Viewer, Context.TraceIdentifier) { Rights = rights, Limit = limit };
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName)), SchemeName));
    }

    /// <summary>The client that the request names, in its header or its path. The two must not differ.</summary>
    private bool TryPick(out Guid? client)
    {
        client = null;
        if (Request.Headers[ClientHeader] is { Count: > 0 } given)
        {
            if (given is not [{ } text] || !Guid.TryParseExact(text, "D", out var named))
            {
                refusal = Problem.Of(StatusCodes.Status400BadRequest, "INVALID_HEADER", $"{ClientHeader} must be one UUID.", ClientHeader);
                return false;
            }

            client = named;
        }

        if (Context.GetEndpoint()?.Metadata.GetMetadata<ClientInPath>() is null || !Guid.TryParse((string?)Request.RouteValues["id"], out var inPath)) return true;
        if (client is { } other && other != inPath)
        {
            refusal = Problem.From([new ClientNotFound(new(inPath))]);
            return false;
        }

        client = inPath;
        return true;
    }

    private bool IsTooMuch(Guid caller)
    {
        if (limits.Take(caller, Response.Headers) is not { } wait) return false;
        refusal = TooMany(wait);
        return true;
    }

    /// <summary>A credential that is nobody's. Who tries many is told to wait instead of whether the next one works.</summary>
    private AuthenticateResult Unknown()
    {
        if (limits.TakeFailure(Context.Connection.RemoteIpAddress) is { } wait) refusal = TooMany(wait);
        return Refused;
    }

    private AuthenticateResult Refuse(Error error) => Refuse(Problem.From([error]));

    private AuthenticateResult Refuse(IResult answer)
    {
        refusal = answer;
        return Refused;
    }

    private static ProblemResult TooMany(int wait) =>
        Problem.Of(StatusCodes.Status429TooManyRequests, "RATE_LIMITED", "Too many requests; Retry-After says when to come back.", retryAfter: wait);
}
