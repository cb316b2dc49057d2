namespace MediaPlatform.Domain.Media;

/// <summary>One way in. The upload's id is the asset's id, unless its bytes are an older asset's.</summary>
public readonly record struct UploadId(Guid Value);

/// <summary>The canonical record of a file.</summary>
public readonly record struct AssetId(Guid Value);

/// <summary>An asset's place at an owner.</summary>
public readonly record struct AttachmentId(Guid Value);
