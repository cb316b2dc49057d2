using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Has a version of something that episodes share be the one that is used from now on; those that show it go on showing the version that they have.</summary>
/// <param name="IfMatch">The version of the record that the caller has seen; null for any.</param>
public sealed record ActivateSharedAssetVersion(SharedAssetKind Kind, Guid Id, int Number, long? IfMatch) : ICommand<long>;

internal sealed class ActivateSharedAssetVersionHandler(OpenSharedAsset shared, ISharedAssets assets) : ICommandHandler<ActivateSharedAssetVersion, long>
{
    public async Task<Result<long>> Handle(ActivateSharedAssetVersion command, CancellationToken cancellationToken)
    {
        var found = await shared.Open(command.Kind, command.Id, command.IfMatch, cancellationToken);
        if (!found.Succeeded) return found.As<long>();

        return await assets.Activate(command.Kind, command.Id, command.Number, cancellationToken) is { } version
            ? version
            : new SharedAssetVersionNotFound(SharedAssetDocument.RecordKind(command.Kind), command.Number);
    }
}
