using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Makes a version the active one of its script, whatever its approval is.</summary>
/// <returns>Its number.</returns>
public sealed record ActivateScriptVersion(ScriptOf Script, int Number) : ICommand<int>;

internal sealed class ActivateScriptVersionHandler(IScripts scripts, CallContext context) : ICommandHandler<ActivateScriptVersion, int>
{
    public async Task<Result<int>> Handle(ActivateScriptVersion command, CancellationToken cancellationToken)
    {
        var found = await scripts.Open(command.Script, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<int>();

        var script = found.Value;
        if (await scripts.FindApproval(script, command.Number, cancellationToken) is null) return new ScriptVersionNotFound(command.Number);

        if (script.ActiveVersion != command.Number) await scripts.Save(script with { ActiveVersion = command.Number }, cancellationToken);
        return command.Number;
    }
}
