using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Episodes;

/// <summary>Puts a clip into an episode, or with none back into the library.</summary>
/// <param name="From">The episode that it must be in; null for wherever it is.</param>
public sealed record AssignClip(Guid Id, Guid? EpisodeId, long? IfMatch, Guid? From = null) : ICommand<Written>;

internal sealed class AssignClipHandler(IRecords<ClipFields> clips, RecordWriter<ClipFields> writer, CallContext context) : ICommandHandler<AssignClip, Written>
{
    public async Task<Result<Written>> Handle(AssignClip command, CancellationToken cancellationToken)
    {
        var found = await clips.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken, clip => command.From is null || clip.EpisodeId == command.From);
        return found.Succeeded ? await writer.Change(found.Value, found.Value.As<ClipFields>().In(command.EpisodeId), cancellationToken) : found.As<Written>();
    }
}
