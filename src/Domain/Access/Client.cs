namespace MediaPlatform.Domain.Access;

/// <summary>A tenant, as its owner changes it.</summary>
/// <param name="AllowedFileTypes">MIME types taken in; null takes all that the platform supports.</param>
/// <param name="TrashRetentionDays">Days in the trash before the purge.</param>
/// <param name="WardrobeCoolDownDays">Within which what is worn again is told.</param>
/// <param name="LibraryQuotaBytes">What its stock media may take.</param>
/// <param name="LibraryProviderCaps">Bytes by provider, above which its media are evicted first.</param>
public sealed record Client(ClientId Id, string Name, IReadOnlyList<string>? AllowedFileTypes, int TrashRetentionDays, int WardrobeCoolDownDays, long LibraryQuotaBytes, IReadOnlyDictionary<string, long> LibraryProviderCaps,
    DateTimeOffset? DeletedAt, long Version);
