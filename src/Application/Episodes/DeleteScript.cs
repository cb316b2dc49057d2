using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>Moves an episode's script to the trash, with its versions; another can be written then.</summary>
/// <param name="Reason">At most 500 characters.</param>
/// <param name="IfMatch">The version of the record that the caller has seen; null for any.</param>
public sealed record TrashScript(ScriptOf Script, string? Reason, long? IfMatch) : ICommand<TrashedRecord>, IGivesReason;

/// <summary>Deletes an episode's script for good, with its versions: the one that is there, or the one that is named, which may lie in the trash.</summary>
/// <param name="ScriptId">Which is meant; null for the one that is there. Sent twice, it never takes another.</param>
/// <param name="Reason">At most 500 characters; kept in the receipt.</param>
/// <param name="IfMatch">The version of the record that the caller has seen; null for any.</param>
public sealed record PurgeScript(ScriptOf Script, Guid? ScriptId, string? Reason, long? IfMatch) : ICommand<PurgedRecord>, IGivesReason;

/// <summary>Takes the script that went to the trash last out of it.</summary>
public sealed record RestoreScript(ScriptOf Script) : ICommand<Written>;

internal sealed class DeleteScriptHandler(IScripts scripts, IRecords<ScriptFields> records, CallContext context, TimeProvider time)
    : ICommandHandler<TrashScript, TrashedRecord>, ICommandHandler<PurgeScript, PurgedRecord>, ICommandHandler<RestoreScript, Written>
{
    public async Task<Result<TrashedRecord>> Handle(TrashScript command, CancellationToken cancellationToken)
    {
        if (Reasons.TooLong(command) is { } tooLong) return tooLong;
        if (await scripts.Refuses(command.Script.EpisodeId, context.Caller.Role, cancellationToken) is { } refused) return refused;
        if (await scripts.FindForUpdate(command.Script, cancellationToken) is not { } script || await records.FindForUpdate(script.Id, cancellationToken) is not { State: var state })
            return await scripts.Missing(command.Script, context.Caller.Role, cancellationToken);
        if (StaleVersion.Unless(command.IfMatch, state.Version) is { } stale) return stale;

        var trashed = state.Trash(time.GetUtcNow());
        return trashed.Succeeded ? await records.SaveTrashed(trashed.Value, command.Reason, cancellationToken) : trashed.As<TrashedRecord>();
    }

    public async Task<Result<PurgedRecord>> Handle(PurgeScript command, CancellationToken cancellationToken)
    {
        if (Reasons.TooLong(command) is { } tooLong) return tooLong;
        var caller = context.Caller;
        if (await scripts.Refuses(command.Script.EpisodeId, caller.Role, cancellationToken) is { } refused) return refused;

        var of = new ScriptFields(command.Script.EpisodeId, Names.Of(command.Script.Kind));
        var id = command.ScriptId ?? (await scripts.FindForUpdate(command.Script, cancellationToken))?.Id;
        if (id is not { } named) return await scripts.Missing(command.Script, caller.Role, cancellationToken);
        if (await records.FindForUpdate(named, cancellationToken) is not { State: var state } found || found.As<ScriptFields>() != of) return new ScriptNotFound(command.Script);

        var allowed = state.Purge(caller.Role, caller.KindName, caller.ActorId, time.GetUtcNow());
        if (!allowed.Succeeded) return allowed.As<PurgedRecord>();
        if (caller.Role < Role.Admin && await scripts.HasVersionsOfOthers(named, cancellationToken)) return new RoleTooLow(Role.Admin);
        if (StaleVersion.Unless(command.IfMatch, state.Version) is { } stale) return stale;

        return await records.Purge(named, command.Reason, cancellationToken);
    }

    public async Task<Result<Written>> Handle(RestoreScript command, CancellationToken cancellationToken)
    {
        if (await scripts.Refuses(command.Script.EpisodeId, context.Caller.Role, cancellationToken) is { } refused) return refused;
        if (await scripts.FindTrashed(command.Script, cancellationToken) is not { Id: var id })
            return await scripts.FindForUpdate(command.Script, cancellationToken) is { } script ? new RecordNotInTrash(EpisodeKinds.Script, script.Id) : new ScriptNotFound(command.Script);

        if (await records.FindForUpdate(id, cancellationToken) is not { } found) return new ScriptNotFound(command.Script);
        var restored = found.State.Restore();
        return restored.Succeeded ? await records.SaveRestored(found, cancellationToken) : restored.As<Written>();
    }
}
