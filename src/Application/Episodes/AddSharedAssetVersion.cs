using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>Adds a version to something that episodes share; those that show it go on showing the version that they have.</summary>
/// <param name="AssetId">Its file here; null of one that lies elsewhere.</param>
/// <param name="FileReference">As s3://bucket/key.</param>
/// <param name="IfMatch">The version of the record that the caller has seen; null for any.</param>
/// <returns>Its number.</returns>
public sealed record AddSharedAssetVersion(SharedAssetKind Kind, Guid Id, Guid? AssetId, string? FileReference, string? Notes, bool Activate, long? IfMatch) : ICommand<int>;

internal sealed class AddSharedAssetVersionValidator : AbstractValidator<AddSharedAssetVersion>
{
    public AddSharedAssetVersionValidator()
    {
        RuleFor(command => command.FileReference).NotEmpty().When(command => command.AssetId is null).WithMessage("A version has an asset_id, or a file_reference.");
        RuleFor(command => command.FileReference).S3Reference();
        RuleFor(command => command.Notes).MaximumLength(5_000);
    }
}

internal sealed class AddSharedAssetVersionHandler(OpenSharedAsset shared, IMediaAssets media, ISharedAssets assets) : ICommandHandler<AddSharedAssetVersion, int>
{
    public async Task<Result<int>> Handle(AddSharedAssetVersion command, CancellationToken cancellationToken)
    {
        var found = await shared.Open(command.Kind, command.Id, command.IfMatch, cancellationToken);
        if (!found.Succeeded) return found.As<int>();
        if (command.AssetId is { } asset && await media.FindForShare(new(asset), cancellationToken) is not { DeletedAt: null }) return new ParentNotFound(MediaAsset.Kind, asset, "asset_id");

        var number = await assets.AddVersion(command.Kind, command.Id, command.AssetId, command.FileReference, command.Notes, cancellationToken);
        if (command.Activate) await assets.Activate(command.Kind, command.Id, number, cancellationToken);
        return number;
    }
}

/// <summary>The way into a change of what episodes share, of either kind.</summary>
internal sealed class OpenSharedAsset(IRecords<UiElementFields> elements, IRecords<BackgroundFields> backgrounds, CallContext context)
{
    /// <inheritdoc cref="Records.OpenRecord.Open"/>
    public Task<Result<StoredRecord>> Open(SharedAssetKind kind, Guid id, long? ifMatch, CancellationToken cancellationToken) => kind is SharedAssetKind.UiElement
        ? elements.Open(id, ifMatch, context.Caller.Role, cancellationToken)
        : backgrounds.Open(id, ifMatch, context.Caller.Role, cancellationToken);
}
