namespace MediaPlatform.Domain.Access;

/// <summary>A service's key. The secret itself is shown once and never kept.</summary>
public sealed record ApiKey(ApiKeyId Id, string Name, Role Role, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, long Version)
{
    /// <summary>Closes the key. Closing it twice is the same as once.</summary>
    public ApiKey Revoke(DateTimeOffset now) => this with { RevokedAt = RevokedAt ?? now };

    /// <summary>Whether it lets anybody in.</summary>
    public bool IsLive(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);

    /// <summary>Nobody makes, changes or closes keys above the own rights. A key has its role everywhere, so those must reach as far everywhere.</summary>
    public static Result<Role> Grant(Role wanted, Rights own) =>
        own.Short(wanted) is { } beyond ? beyond : wanted;
}
