using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Moves a version of a script that is not the active one to the trash.</summary>
/// <param name="Reason">At most 500 characters.</param>
/// <param name="IfMatch">The version of the record that the caller has seen; null for any.</param>
public sealed record TrashScriptVersion(ScriptOf Script, int Number, string? Reason, long? IfMatch) : ICommand<TrashedRecord>, IGivesReason;

/// <summary>Deletes a version of a script that is not the active one for good. Its number is not given again.</summary>
/// <param name="Reason">At most 500 characters; kept in the receipt.</param>
/// <param name="IfMatch">The version of the record that the caller has seen; null for any.</param>
public sealed record PurgeScriptVersion(ScriptOf Script, int Number, string? Reason, long? IfMatch) : ICommand<PurgedRecord>, IGivesReason;

internal sealed class DeleteScriptVersionHandler(IScripts scripts, IRecords<ScriptVersionFields> versions, CallContext context, TimeProvider time)
    : ICommandHandler<TrashScriptVersion, TrashedRecord>, ICommandHandler<PurgeScriptVersion, PurgedRecord>
{
    public async Task<Result<TrashedRecord>> Handle(TrashScriptVersion command, CancellationToken cancellationToken)
    {
        if (Reasons.TooLong(command) is { } tooLong) return tooLong;
        var role = context.Caller.Role;
        var found = await scripts.Open(versions, command.Script, command.Number, role, cancellationToken);
        if (!found.Succeeded) return found.As<TrashedRecord>();
        if (found.Value.Refuses(role, command.IfMatch) is { } refused) return refused;

        var (script, number, version) = found.Value;
        if (script.ActiveVersion == number) return new ScriptVersionActive(number);

        var trashed = version.State.Trash(time.GetUtcNow());
        if (!trashed.Succeeded) return trashed.As<TrashedRecord>();

        await scripts.Save(script, cancellationToken);
        return await versions.SaveTrashed(trashed.Value, command.Reason, cancellationToken);
    }

    public async Task<Result<PurgedRecord>> Handle(PurgeScriptVersion command, CancellationToken cancellationToken)
    {
        if (Reasons.TooLong(command) is { } tooLong) return tooLong;
        var caller = context.Caller;
        var found = await scripts.Open(versions, command.Script, command.Number, caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<PurgedRecord>();

        var (script, number, version) = found.Value;
        var allowed = version.State.Purge(caller.Role, caller.KindName, caller.ActorId, time.GetUtcNow());
        if (!allowed.Succeeded) return allowed.As<PurgedRecord>();
        if (StaleVersion.Unless(command.IfMatch, version.State.Version) is { } stale) return stale;
        if (script.ActiveVersion == number) return new ScriptVersionActive(number);

        await scripts.Save(script, cancellationToken);
        return await versions.Purge(version.State.Id, command.Reason, cancellationToken);
    }
}
