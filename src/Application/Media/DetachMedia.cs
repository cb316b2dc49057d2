using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Takes an asset away from an owner. The asset stays in the library.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record DetachMedia(AttachmentId Id, long? IfMatch) : ICommand<Done>;

internal sealed class DetachMediaHandler(IAttachments attachments) : ICommandHandler<DetachMedia, Done>
{
    public async Task<Result<Done>> Handle(DetachMedia command, CancellationToken cancellationToken)
    {
        if (await attachments.FindVersionForUpdate(command.Id, cancellationToken) is not { } version) return new AttachmentNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, version) is { } stale) return stale;

        await attachments.Remove(command.Id, cancellationToken);
        return Done.Instance;
    }
}
