namespace MediaPlatform.Domain.Episodes;

/// <summary>A guest, beyond what people write of one: what may be kept and done.</summary>
/// <param name="ConsentNoticeVersion">The privacy notice that was last agreed to.</param>
/// <param name="ConsentWithdrawnAt">Null while the consent holds.</param>
/// <param name="UserId">Who the guest has become.</param>
/// <param name="ErasedAt">When, by a legal request, all that tells who it was was deleted.</param>
public sealed record Guest(string? ConsentNoticeVersion, DateTimeOffset? ConsentedAt, DateTimeOffset? ConsentWithdrawnAt, Guid? UserId, DateTimeOffset? ConvertedAt, DateTimeOffset? ErasedAt)
{
    /// <summary>What one is called of whom nothing is known any more.</summary>
    public const string ErasedName = "Erased guest";

    /// <summary>Whether more than the name may be kept.</summary>
    public bool HasConsent => ConsentedAt is not null && ConsentWithdrawnAt is null;

    /// <summary>Agrees to a privacy notice; also to a newer one, and after a withdrawal.</summary>
    public Result<Guest> Consent(string noticeVersion, DateTimeOffset at) =>
        ErasedAt is null ? this with { ConsentNoticeVersion = noticeVersion, ConsentedAt = at, ConsentWithdrawnAt = null } : new GuestIsErased();

    /// <summary>Takes the consent back; what it allowed to be kept goes.</summary>
    public Result<Guest> Withdraw(DateTimeOffset now) => HasConsent ? this with { ConsentWithdrawnAt = now } : new GuestHasNoConsent();

    /// <summary>Becomes a user of the client, once.</summary>
    public Result<Guest> Convert(Guid userId, DateTimeOffset now) =>
        ErasedAt is not null ? new GuestIsErased() : ConvertedAt is { } at ? new GuestIsConverted(at) : this with { UserId = userId, ConvertedAt = now };

    /// <summary>Forgets who it was, for good.</summary>
    public Result<Guest> Erase(DateTimeOffset now) =>
        ErasedAt is null ? this with { UserId = null, ConsentWithdrawnAt = HasConsent ? now : ConsentWithdrawnAt, ErasedAt = now } : new GuestIsErased();

    /// <summary>Why the guest gets no session; null when one may be given.</summary>
    public Error? RefusesSessions() => ErasedAt is not null ? new GuestIsErased() : ConvertedAt is { } at ? new GuestIsConverted(at) : HasConsent ? null : new GuestHasNoConsent();
}

/// <summary>A time in which a guest may send files in, by a token.</summary>
public sealed record GuestSession(Guid Id, Guid GuestId, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, long Version)
{
    /// <summary>Ends it. Again is the same as once.</summary>
    public GuestSession Revoke(DateTimeOffset now) => this with { RevokedAt = RevokedAt ?? now };
}
