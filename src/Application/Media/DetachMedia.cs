using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Takes an asset away from an owner. The asset stays in the library.</summary>
public sealed record DetachMedia(AttachmentId Id) : ICommand<Done>;

internal sealed class DetachMediaHandler(IAttachments attachments) : ICommandHandler<DetachMedia, Done>
{
    public async Task<Result<Done>> Handle(DetachMedia command, CancellationToken cancellationToken) =>
        await attachments.Remove(command.Id, cancellationToken) ? Done.Instance : new AttachmentNotFound(command.Id);
}
