using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Moves an asset to the trash, where it waits for its restore or its purge.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record TrashMedia(AssetId Id, string? Reason, long? IfMatch) : ICommand<TrashedMedia>;

/// <summary>What went to the trash.</summary>
/// <param name="Attachments">How many places the asset is attached to, and is not seen at any more.</param>
public sealed record TrashedMedia(Guid Id, DateTimeOffset DeletedAt, int Attachments);

internal sealed class TrashMediaValidator : AbstractValidator<TrashMedia>
{
    public TrashMediaValidator() => RuleFor(trash => trash.Reason).MaximumLength(500);
}

internal sealed class TrashMediaHandler(IMediaAssets assets, CallContext context, TimeProvider time) : ICommandHandler<TrashMedia, TrashedMedia>
{
    public async Task<Result<TrashedMedia>> Handle(TrashMedia command, CancellationToken cancellationToken)
    {
        if (await assets.FindForUpdate(command.Id, cancellationToken) is not { } asset) return new AssetNotFound(command.Id);
        if (asset.HiddenFrom(context.Caller.Role) is { } hidden) return hidden;
        if (command.IfMatch is { } seen && seen != asset.Version) return new StaleVersion(asset.Version);

        var trashed = asset.Trash(time.GetUtcNow());
        if (!trashed.Succeeded) return trashed.As<TrashedMedia>();

        var attachments = await assets.SaveTrashed(trashed.Value, command.Reason, cancellationToken);
        return new TrashedMedia(asset.Id.Value, trashed.Value.DeletedAt!.Value, attachments);
    }
}
