using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>What people write of whatever episodes share.</summary>
public interface ISharedAssetFields : IRecordFields
{
    string Name { get; }

    string? Description { get; }

    Guid? AssetId { get; }

    string? FileReference { get; }
}

/// <summary>An element of the interface that episodes show, as people write it.</summary>
/// <param name="Name">At most 300 characters.</param>
/// <param name="Description">At most 20,000 characters.</param>
/// <param name="AssetId">Its file here. Another file than the active version's is a new version.</param>
/// <param name="FileReference">Its file elsewhere, as s3://bucket/key. Another file than the active version's is a new version.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record UiElementFields(
    string Name, string? Description = null, Guid? AssetId = null, string? FileReference = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null,
    JsonElement? CustomFields = null) : ISharedAssetFields;

/// <summary>A background, as people write it.</summary>
/// <param name="Name">At most 300 characters.</param>
/// <param name="Description">At most 20,000 characters.</param>
/// <param name="AssetId">Its file here. Another file than the active version's is a new version.</param>
/// <param name="FileReference">Its file elsewhere, as s3://bucket/key. Another file than the active version's is a new version.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record BackgroundFields(
    string Name, string? Description = null, Guid? AssetId = null, string? FileReference = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null,
    JsonElement? CustomFields = null) : ISharedAssetFields;

internal sealed class UiElementFieldsValidator : AbstractValidator<UiElementFields>
{
    public UiElementFieldsValidator() => this.SharedAsset();
}

internal sealed class BackgroundFieldsValidator : AbstractValidator<BackgroundFields>
{
    public BackgroundFieldsValidator() => this.SharedAsset();
}

internal static class SharedAssetRules
{
    public static void SharedAsset<T>(this AbstractValidator<T> validator)
        where T : ISharedAssetFields
    {
        validator.RuleFor(asset => asset.Name).NotEmpty().MaximumLength(300);
        validator.RuleFor(asset => asset.Description).MaximumLength(20_000);
        validator.RuleFor(asset => asset.FileReference).S3Reference();
        validator.SharedFields();
    }
}

/// <summary>Another file of a shared asset is another version of it.</summary>
internal abstract class SharedAssetVersions<TFields>(ISharedAssets assets, SharedAssetKind kind) : IRecordParts<TFields>
    where TFields : class, ISharedAssetFields
{
    public async Task<Result<Finding[]>> Keep(Guid id, StoredRecord? before, TFields after, CancellationToken cancellationToken)
    {
        var old = before?.As<TFields>();
        if (old is null || old.AssetId != after.AssetId || old.FileReference != after.FileReference)
            await assets.Show(kind, id, await assets.AddVersion(kind, id, after.AssetId, after.FileReference, notes: null, cancellationToken), cancellationToken);
        return Array.Empty<Finding>();
    }
}

internal sealed class UiElementVersions(ISharedAssets assets) : SharedAssetVersions<UiElementFields>(assets, SharedAssetKind.UiElement);

internal sealed class BackgroundVersions(ISharedAssets assets) : SharedAssetVersions<BackgroundFields>(assets, SharedAssetKind.Background);

/// <summary>An element of the interface that episodes show.</summary>
/// <param name="AssetId">The file of the active version, here; null once that is deleted for good.</param>
/// <param name="FileReference">The file of the active version, elsewhere.</param>
/// <param name="ActiveVersion">Its number.</param>
/// <param name="UsageCount">How many roles episodes give it, those in the trash aside.</param>
public sealed record UiElementDetails(
    Guid Id, string Name, string? Description, Guid? AssetId, string? FileReference, int ActiveVersion, int UsageCount, string? ExternalId, string[] Tags, JsonElement CustomFields,
    string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;

/// <summary>A background.</summary>
/// <param name="AssetId">The file of the active version, here; null once that is deleted for good.</param>
/// <param name="FileReference">The file of the active version, elsewhere.</param>
/// <param name="ActiveVersion">Its number.</param>
/// <param name="UsageCount">How many roles episodes give it, those in the trash aside.</param>
public sealed record BackgroundDetails(
    Guid Id, string Name, string? Description, Guid? AssetId, string? FileReference, int ActiveVersion, int UsageCount, string? ExternalId, string[] Tags, JsonElement CustomFields,
    string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
