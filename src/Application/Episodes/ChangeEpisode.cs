using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Episodes;

/// <summary>Changes a part of an episode, such as its wardrobe; the rest stays.</summary>
/// <param name="Edit">From the fields as they are to the fields as they should be.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ChangeEpisode(Guid Id, Func<EpisodeFields, EpisodeFields> Edit, long? IfMatch) : ICommand<Written>;

internal sealed class ChangeEpisodeHandler(IRecords<EpisodeFields> episodes, RecordWriter<EpisodeFields> writer, CallContext context) : ICommandHandler<ChangeEpisode, Written>
{
    public async Task<Result<Written>> Handle(ChangeEpisode command, CancellationToken cancellationToken)
    {
        var found = await episodes.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken);
        return found.Succeeded ? await writer.Change(found.Value, command.Edit(found.Value.As<EpisodeFields>()), cancellationToken) : found.As<Written>();
    }
}
