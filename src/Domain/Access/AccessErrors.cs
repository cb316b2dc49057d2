namespace MediaPlatform.Domain.Access;

public sealed record ClientNotFound(ClientId Id) : NotFoundError("CLIENT_NOT_FOUND", $"Client {Id.Value} does not exist.");
public sealed record NotAMember() : ForbiddenError("NOT_A_MEMBER", "You are signed in, and a member of no client here.");
public sealed record ClientRequired() : MalformedError("CLIENT_REQUIRED", "You are in several clients; say which one as X-Client-Id. GET /clients lists them.", "X-Client-Id");
public sealed record ClientDeleted() : ForbiddenError("CLIENT_DELETED", "This client is in the trash; an owner can restore it.");
public sealed record ClientNotInTrash() : LockedError("CLIENT_NOT_IN_TRASH", "This client is not in the trash.");
public sealed record UnknownFileType(string Type, string Hint) : InvalidError("UNKNOWN_FILE_TYPE", $"\"{Type}\" is no type of files that is taken in.{Hint}", "allowed_file_types");
public sealed record ApiKeyNotFound(ApiKeyId Id) : NotFoundError("API_KEY_NOT_FOUND", $"API key {Id.Value} does not exist.");
public sealed record ApiKeyEnded() : LockedError("API_KEY_ENDED", "This key is revoked or has expired; make another one.");
public sealed record MemberNotFound(MemberId Id) : NotFoundError("MEMBER_NOT_FOUND", $"Member {Id.Value} does not exist.");
public sealed record MemberExists(string Email) : ConflictError("MEMBER_EXISTS", $"{Email} is a member of this client already.", "email");
public sealed record MemberAlreadyJoined() : LockedError("MEMBER_ALREADY_JOINED", "A member who has joined cannot become invited again.");
public sealed record LastOwner() : LockedError("LAST_OWNER", "This is the last owner of the client; make another one first.");
public sealed record OwnerHasNoExceptions() : InvalidError("OWNER_HAS_NO_EXCEPTIONS", "An owner has no permissions apart: take the role admin, or leave them out.", "permissions");
public sealed record UnknownEntity(string Name, string Hint) : InvalidError("UNKNOWN_ENTITY", $"There is no kind of entity \"{Name}\".{Hint}", $"permissions.{Name}");
public sealed record RoleAboveOwn(Role Wanted, Role? Own, string? Entity = null) : ForbiddenError("ROLE_ABOVE_OWN",
    $"Your role{(Entity is null ? "" : $" on {Entity}")} is {(Own is { } own ? Names.Of(own) : "none")}, which does not reach {Names.Of(Wanted)}.");
public sealed record RoleTooLow(Role Needed) : ForbiddenError("ROLE_TOO_LOW", $"This needs the role {Names.Of(Needed)}.");
public sealed record SlugTaken(string Slug) : ConflictError("CLIENT_SLUG_TAKEN", $"The slug '{Slug}' belongs to another client.", "slug");
public sealed record StaleVersion(long Current) : StaleError("STALE_VERSION", $"The record has changed: its version is {Current} now.")
{
    /// <summary>Null when the caller has seen what is there, or did not say.</summary>
    public static StaleVersion? Unless(long? seen, long version) => seen is { } given && given != version ? new StaleVersion(version) : null;
}
public sealed record NoVersion() : StaleError("STALE_VERSION", "The record does not exist, or not any more.");
