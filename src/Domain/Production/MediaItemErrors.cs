namespace MediaPlatform.Domain.Production;

public sealed record MediaInAnotherSession(Guid AssetId, Guid SessionId) : ConflictError("MEDIA_IN_ANOTHER_SESSION", $"Asset {AssetId} is of session {SessionId}; move it, where that was wrong.", "asset_ids");
public sealed record MediaItemNotFound(Guid Id) : NotFoundError("MEDIA_ITEM_NOT_FOUND", $"Media item {Id} does not exist.");
public sealed record MediaItemsUnknown(Guid Id) : InvalidError("MEDIA_ITEM_NOT_FOUND", $"Media item {Id} does not exist.", "media_item_ids");
public sealed record AssetsUnknown(Guid Id) : InvalidError("ASSET_NOT_FOUND", $"Asset {Id} does not exist, or is in the trash.", "asset_ids");
public sealed record MediaItemInSets(Guid Id) : LockedError("MEDIA_ITEM_IN_SETS", $"Media item {Id} is shown in a set; take it out there first.");
