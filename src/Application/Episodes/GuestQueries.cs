using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>That a guest is in an episode, and as what.</summary>
/// <param name="Role">Of the guest in this episode; left out, what the guest is anywhere. At most 300 characters.</param>
public sealed record EpisodeGuestLink(string? Role = null);

internal sealed class EpisodeGuestLinkValidator : AbstractValidator<EpisodeGuestLink>
{
    public EpisodeGuestLinkValidator() => RuleFor(link => link.Role).MaximumLength(300);
}

/// <summary>A guest in an episode; the first is the one that the episode's own record shows.</summary>
/// <param name="GuestId">The guest.</param>
/// <param name="Role">In this episode, or else what the guest is anywhere.</param>
/// <param name="BioUrl">A page about the guest.</param>
/// <param name="Version">Of the link.</param>
public sealed record EpisodeGuestDetails(Guid GuestId, string Name, string? Role, string? BioUrl, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version) : ILinkDetails;

/// <summary>A session of a guest. What lets in is known to the guest alone.</summary>
/// <param name="Prefix">The first characters of its token.</param>
/// <param name="LastUsedAt">To the minute.</param>
public sealed record GuestSessionDetails(
    Guid Id, Guid GuestId, string Prefix, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, int Version);

/// <summary>The sessions of a guest that have not expired, newest first; at most 200.</summary>
public sealed record ListGuestSessions(Guid GuestId) : IQuery<GuestSessionDetails[]>;

/// <summary>One of them.</summary>
public sealed record GetGuestSession(Guid GuestId, Guid Id) : IQuery<GuestSessionDetails>;
