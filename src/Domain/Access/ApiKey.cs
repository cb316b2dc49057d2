namespace MediaPlatform.Domain.Access;

/// <summary>A service's key. The secret itself is shown once and never kept.</summary>
public sealed record ApiKey(ApiKeyId Id, string Name, Role Role, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, long Version)
{
    /// <summary>Closes the key. Closing it twice is the same as once.</summary>
    public ApiKey Revoke(DateTimeOffset now) => this with { RevokedAt = RevokedAt ?? now };

    /// <summary>A key may make keys of its own role and below.</summary>
    public static Result<Role> Grant(Role wanted, Role own) =>
        wanted <= own ? wanted : new RoleAboveOwn(wanted, own);
}
