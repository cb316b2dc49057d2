using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Renders a thumbnail again, though nothing has changed.</summary>
/// <returns>The job.</returns>
public sealed record RegenerateThumbnail(ThumbnailOwner Owner) : ICommand<Guid>;

internal sealed class RegenerateThumbnailHandler(OpenThumbnailOwner owners, IThumbnails thumbnails) : ICommandHandler<RegenerateThumbnail, Guid>
{
    public async Task<Result<Guid>> Handle(RegenerateThumbnail command, CancellationToken cancellationToken)
    {
        var opened = await owners.Open(command.Owner, cancellationToken);
        if (!opened.Succeeded) return opened.As<Guid>();

        if (await thumbnails.Regenerate(command.Owner, cancellationToken) is { } job) return job;
        return await thumbnails.HasSourcesElsewhere(command.Owner, cancellationToken) ? new ThumbnailSourcesElsewhere() : new ThumbnailWithoutSources();
    }
}
