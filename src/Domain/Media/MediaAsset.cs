using MediaPlatform.Domain.Access;

namespace MediaPlatform.Domain.Media;

/// <summary>Whether an asset can be used.</summary>
public enum AssetStatus
{
    /// <summary>The bytes are safe; variants are being made.</summary>
    Processing,
    /// <summary>Usable. A video without a poster is ready and carries a warning.</summary>
    Ready,
    /// <summary>The bytes are safe and could not be read; the error says why.</summary>
    Failed,
}

/// <summary>What a person can do with an asset: its place in or out of the trash, and its processing.</summary>
public sealed record MediaAsset(
    AssetId Id, MediaType Type, FileFormat Format, AssetStatus Status, long Version, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset? DeletedAt)
{
    /// <summary>Why a caller does not get an asset, whatever is wanted of it: what is in the trash does not exist for those who may not see it, and is gone for the others.</summary>
    /// <param name="includeDeleted">Asked for as what is in the trash, by those who may see it.</param>
    public static Error? Hidden(AssetId id, DateTimeOffset? deletedAt, Role role, bool includeDeleted = false)
    {
        if (deletedAt is not { } since) return null;
        if (role < Role.Admin) return new AssetNotFound(id);
        return includeDeleted ? null : new AssetInTrash(id, since);
    }

    /// <inheritdoc cref="Hidden"/>
    public Error? HiddenFrom(Role role) => Hidden(Id, DeletedAt, role);

    /// <summary>Moves it to the trash.</summary>
    public Result<MediaAsset> Trash(DateTimeOffset now) =>
        DeletedAt is { } since ? new AssetInTrash(Id, since) : this with { DeletedAt = now };

    /// <summary>Takes it out again.</summary>
    public Result<MediaAsset> Restore() =>
        DeletedAt is null ? new AssetNotInTrash(Id) : this with { DeletedAt = null };

    /// <summary>Whether it may be deleted for good: by an admin, or by the editor who brought it in, within the hour.</summary>
    public Result<Done> Purge(Role role, string actorKind, Guid? actorId, DateTimeOffset now)
    {
        if (role >= Role.Admin) return Done.Instance;
        var own = CreatedByKind == actorKind && CreatedBy == actorId && actorId is not null;
        if (own && role >= Role.Editor && now - CreatedAt <= TimeSpan.FromHours(1)) return Done.Instance;
        return HiddenFrom(role) ?? new RoleTooLow(Role.Admin);
    }

    /// <summary>Starts its processing over.</summary>
    public Result<MediaAsset> Reprocess()
    {
        if (DeletedAt is { } since) return new AssetInTrash(Id, since);
        return Format.IsProcessed ? this with { Status = AssetStatus.Processing } : new AssetNotProcessable(Id, Format);
    }
}
