using System.Text.Json;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>Puts a clip into an episode, or with none back into the library.</summary>
/// <param name="From">The episode that it must be in; null for wherever it is.</param>
public sealed record AssignClip(Guid Id, Guid? EpisodeId, long? IfMatch, Guid? From = null) : ICommand<Written>;

internal sealed class AssignClipHandler(IRecords<ClipFields> clips, RecordWriter<ClipFields> writer, CallContext context) : ICommandHandler<AssignClip, Written>
{
    public async Task<Result<Written>> Handle(AssignClip command, CancellationToken cancellationToken)
    {
        var found = await clips.OpenWithin(command.Id, command.From, command.IfMatch, context, cancellationToken);
        return found.Succeeded ? await writer.Change(found.Value, found.Value.As<ClipFields>() with { EpisodeId = command.EpisodeId }, cancellationToken) : found.As<Written>();
    }
}

/// <summary>Changes a clip where it stands in its episode.</summary>
/// <param name="Edit">As <see cref="EditRecord{TFields}"/> has it.</param>
public sealed record EditClipOfEpisode(Guid EpisodeId, Guid Id, Func<JsonElement, Result<ClipFields>> Edit, long? IfMatch) : ICommand<Written>;

internal sealed class EditClipOfEpisodeHandler(IRecords<ClipFields> clips, RecordWriter<ClipFields> writer, CallContext context) : ICommandHandler<EditClipOfEpisode, Written>
{
    public async Task<Result<Written>> Handle(EditClipOfEpisode command, CancellationToken cancellationToken)
    {
        var found = await clips.OpenWithin(command.Id, command.EpisodeId, command.IfMatch, context, cancellationToken);
        if (!found.Succeeded) return found.As<Written>();

        var edited = command.Edit(found.Value.Fields);
        return edited.Succeeded ? await writer.Change(found.Value, edited.Value with { EpisodeId = command.EpisodeId }, cancellationToken) : edited.As<Written>();
    }
}

internal static class ClipsOfEpisodes
{
    /// <summary>A clip that is open to be changed; in another episode than the one that was named there is none.</summary>
    public static async Task<Result<StoredRecord>> OpenWithin(this IRecords<ClipFields> clips, Guid id, Guid? episode, long? ifMatch, CallContext context, CancellationToken cancellationToken)
    {
        var found = await clips.Open(id, ifMatch, context.Caller.Role, cancellationToken);
        return found.Succeeded && episode is not null && found.Value.As<ClipFields>().EpisodeId != episode ? new RecordNotFound(EpisodeKinds.Clip, id) : found;
    }
}
