using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Writes an old version of a script again as a new one, which is active; one in the trash is taken out of it instead, by an admin.</summary>
/// <param name="IfMatch">The version of the record that the caller has seen; null for any.</param>
/// <returns>The number of the new one, or of the one that is back.</returns>
public sealed record RestoreScriptVersion(ScriptOf Script, int Number, long? IfMatch) : ICommand<int>;

internal sealed class RestoreScriptVersionHandler(IScripts scripts, IRecords<ScriptVersionFields> versions, CallContext context) : ICommandHandler<RestoreScriptVersion, int>
{
    public async Task<Result<int>> Handle(RestoreScriptVersion command, CancellationToken cancellationToken)
    {
        var role = context.Caller.Role;
        var found = await scripts.Open(versions, command.Script, command.Number, role, cancellationToken);
        if (!found.Succeeded) return found.As<int>();

        var (script, number, version) = found.Value;
        if (version.State.DeletedAt is not null && role < Role.Admin) return new ScriptVersionNotFound(number);
        if (StaleVersion.Unless(command.IfMatch, version.State.Version) is { } stale) return stale;
        if (version.State.DeletedAt is null)
        {
            var next = script.Next();
            if (!next.Succeeded) return next.As<int>();

            await scripts.AddCopy(next.Value, number, $"Restored from version {number}", cancellationToken);
            await scripts.Save(next.Value with { ActiveVersion = next.Value.LastVersion }, cancellationToken);
            return next.Value.LastVersion;
        }

        var room = script.Room();
        if (!room.Succeeded) return room.As<int>();

        await versions.SaveRestored(version, cancellationToken);
        await scripts.Save(script, cancellationToken);
        return number;
    }
}
