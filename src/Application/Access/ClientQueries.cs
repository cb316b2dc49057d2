using System.Text.Json;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>A tenant as it is shown.</summary>
/// <param name="AllowedFileTypes">MIME types taken in; null takes all that the platform supports.</param>
/// <param name="TrashRetentionDays">Days in the trash before the purge.</param>
/// <param name="WardrobeCoolDownDays">Days within which what is worn again is told as a warning; 0 is never.</param>
/// <param name="LibraryQuotaBytes">What stock media may take, originals and what is made of them.</param>
/// <param name="LibraryProviderCaps">Bytes by provider, above which its media are evicted first.</param>
/// <param name="Role">What the caller is in it.</param>
/// <param name="DeletedAt">Since when it is in the trash.</param>
public sealed record ClientDetails(
    Guid Id, string Name, string Slug, string[]? AllowedFileTypes, int TrashRetentionDays, int WardrobeCoolDownDays, long LibraryQuotaBytes, JsonElement LibraryProviderCaps, string Role, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    DateTimeOffset? DeletedAt, int Version);

/// <summary>The caller's client; any other does not exist for it.</summary>
public sealed record GetClient(ClientId Id) : IQuery<ClientDetails>;

/// <summary>The clients that the caller is in: a key is in one. In the order of their names.</summary>
public sealed record ListClients : IQuery<IReadOnlyList<ClientDetails>>;
