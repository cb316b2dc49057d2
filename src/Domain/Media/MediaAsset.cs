using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;

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

/// <summary>An asset as its processing and what refers to it see it; its trash is that of any record.</summary>
public sealed record MediaAsset(AssetId Id, MediaType Type, FileFormat Format, AssetStatus Status, long Version, DateTimeOffset? DeletedAt)
{
    /// <summary>As errors and the change log name it.</summary>
    public static readonly RecordKind Kind = new("media_asset", "ASSET", "Asset");

    /// <inheritdoc cref="RecordState.Hidden"/>
    public Error? HiddenFrom(Role role) => RecordState.Hidden(Kind, Id.Value, DeletedAt, role);

    /// <summary>Starts its processing over.</summary>
    public Result<MediaAsset> Reprocess()
    {
        if (DeletedAt is { } since) return new RecordInTrash(Kind, Id.Value, since);
        return Format.IsProcessed ? this with { Status = AssetStatus.Processing } : new AssetNotProcessable(Id, Format);
    }
}
