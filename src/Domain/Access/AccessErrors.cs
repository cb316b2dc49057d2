namespace MediaPlatform.Domain.Access;

public sealed record ClientNotFound(ClientId Id) : NotFoundError("CLIENT_NOT_FOUND", $"Client {Id.Value} does not exist.");
public sealed record ApiKeyNotFound(ApiKeyId Id) : NotFoundError("API_KEY_NOT_FOUND", $"API key {Id.Value} does not exist.");
public sealed record MemberNotFound(MemberId Id) : NotFoundError("MEMBER_NOT_FOUND", $"Member {Id.Value} does not exist.");
public sealed record MemberExists(string Email) : ConflictError("MEMBER_EXISTS", $"{Email} is a member of this client already.", "email");
public sealed record MemberAlreadyJoined() : LockedError("MEMBER_ALREADY_JOINED", "A member who has joined cannot become invited again.");
public sealed record RoleAboveOwn(Role Wanted, Role Own) : ForbiddenError("ROLE_ABOVE_OWN", $"Your role is {Names.Of(Own)}, which does not reach {Names.Of(Wanted)}.");
public sealed record RoleTooLow(Role Needed) : ForbiddenError("ROLE_TOO_LOW", $"This needs the role {Names.Of(Needed)}.");
public sealed record SlugTaken(string Slug) : ConflictError("CLIENT_SLUG_TAKEN", $"The slug '{Slug}' belongs to another client.", "slug");
public sealed record StaleVersion(long Current) : StaleError("STALE_VERSION", $"The record has changed: its version is {Current} now.");
public sealed record NoVersion() : StaleError("STALE_VERSION", "The record does not exist, or not any more.");
