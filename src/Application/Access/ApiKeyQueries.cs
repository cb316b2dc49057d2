using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>A key as it is shown: all but its secret.</summary>
/// <param name="RotatedAt">When it got its secret, if that is not its first.</param>
/// <param name="PreviousUntil">Until when the secret before lets in as well.</param>
public sealed record ApiKeyDetails(
    Guid Id, string Name, string Role, string Prefix, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy,
    DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RotatedAt, DateTimeOffset? PreviousUntil, int Version);

/// <summary>The keys of the client, newest first.</summary>
public sealed record ListApiKeys(ListRequest Request) : IQuery<Page<ApiKeyDetails>>;

/// <summary>One key.</summary>
public sealed record GetApiKey(ApiKeyId Id) : IQuery<ApiKeyDetails>;
