using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Makes a version the active one of its script, whatever its approval is.</summary>
/// <param name="IfMatch">The version of the record that the caller has seen; null for any.</param>
/// <returns>Its number.</returns>
public sealed record ActivateScriptVersion(ScriptOf Script, int Number, long? IfMatch) : ICommand<int>;

internal sealed class ActivateScriptVersionHandler(IScripts scripts, IRecords<ScriptVersionFields> versions, CallContext context) : ICommandHandler<ActivateScriptVersion, int>
{
    public async Task<Result<int>> Handle(ActivateScriptVersion command, CancellationToken cancellationToken)
    {
        var role = context.Caller.Role;
        var found = await scripts.Open(versions, command.Script, command.Number, role, cancellationToken);
        if (!found.Succeeded) return found.As<int>();
        if (found.Value.Refuses(role, command.IfMatch) is { } refused) return refused;

        var script = found.Value.Script;
        if (script.ActiveVersion != command.Number) await scripts.Save(script with { ActiveVersion = command.Number }, cancellationToken);
        return command.Number;
    }
}
