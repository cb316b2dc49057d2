using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Episodes;

/// <summary>A guest in an episode.</summary>
/// <param name="GuestId">The guest.</param>
/// <param name="Role">In this episode, or else what the guest is anywhere.</param>
/// <param name="BioUrl">A page about the guest.</param>
/// <param name="Version">Of the link.</param>
public sealed record EpisodeGuestDetails(Guid GuestId, string Name, string? Role, string? BioUrl, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version);

/// <summary>The guests of an episode as they came; the first is the one that the episode's own record shows.</summary>
public sealed record ListEpisodeGuests(Guid EpisodeId) : IQuery<EpisodeGuestDetails[]>;

/// <summary>One of them.</summary>
public sealed record GetEpisodeGuest(Guid EpisodeId, Guid GuestId) : IQuery<EpisodeGuestDetails>;

/// <summary>A session of a guest. What lets in is known to the guest alone.</summary>
/// <param name="Prefix">The first characters of its token.</param>
/// <param name="LastUsedAt">To the minute.</param>
public sealed record GuestSessionDetails(
    Guid Id, Guid GuestId, string Prefix, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, int Version);

/// <summary>The sessions of a guest that have not expired, newest first; at most 200.</summary>
public sealed record ListGuestSessions(Guid GuestId) : IQuery<GuestSessionDetails[]>;

/// <summary>One of them.</summary>
public sealed record GetGuestSession(Guid GuestId, Guid Id) : IQuery<GuestSessionDetails>;
